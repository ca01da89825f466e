import { composeLetter, type Message } from '../../platform/messages/index.ts';

/** The mail that brings a link for a new password. `days`: for how long it works. */
export function passwordResetEmail(to: string, link: string, service: string, days: number): Message {
  return composeLetter(to, {
    subject: `Choose a new password for ${service}`,
    opening: `Somebody asked for a new password for your account at ${service}. Follow the link to choose one.`,
    button: 'Choose a new password',
    link,
    closing: `The link works once, for ${days} days. If you did not ask for it, ignore this message: your password stays as it is.`,
  });
}

/** The mail that brings a link which proves that somebody reads mail at this address. */
export function verificationEmail(to: string, link: string, service: string, days: number): Message {
  return composeLetter(to, {
    subject: `Confirm your e-mail address for ${service}`,
    opening: `This address was given for an account at ${service}. Follow the link to confirm that it is yours.`,
    button: 'Confirm my address',
    link,
    closing: `The link works for ${days} days. If you have no account at ${service}, ignore this message.`,
  });
}

/** The mail that invites somebody to an organization. `days`: for how long the link works. */
export function invitationEmail(
  to: string,
  link: string,
  names: { readonly inviter: string; readonly organization: string; readonly service: string },
  days: number,
): Message {
  const { inviter, organization, service } = names;
  return composeLetter(to, {
    subject: `${inviter} invites you to ${organization}`,
    opening: `${inviter} invites you to join ${organization} on ${service}. Follow the link to accept.`,
    button: 'Accept the invitation',
    link,
    closing: `The link works once, for ${days} ${days === 1 ? 'day' : 'days'}. If you do not want to join, ignore this message.`,
  });
}
