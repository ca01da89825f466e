/** The English texts of the screens that ask which organization somebody logs in to. */
export const organization = {
  organizationSelection: {
    title: 'Which organization?',
    description: 'Log in to your organization to continue to {clientName}',
    labels: {
      name: 'Organization name',
      email: 'Email address',
      either: 'Organization name or your email address',
    },
    submit: 'Continue',
  },
  organizationPicker: {
    title: 'Choose an organization',
    description: 'to continue to {clientName}',
  },
};
