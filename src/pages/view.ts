import { fill } from './texts/index.ts';
import type { Theme } from './theme.ts';

/** What every page needs. */
export type BaseView = {
  theme: Theme;
  /** BCP 47 tag; falls back to a language that there are texts for. */
  lang: string;
  /** Fresh for each answer; the same one goes into contentSecurityPolicy. */
  nonce: string;
  /** The application that the person came from. Its logo stands in where the tenant has none. */
  client?: { name: string; logo_uri?: string | undefined } | undefined;
  /** The organization that the person logs in to, and whether they were invited there. */
  organization?: { name: string; isInvited?: boolean } | undefined;
};

/** What every page with a form needs besides. The form posts `state` to `action`. */
export type FormView = BaseView & {
  /** Handle of the transaction, sent back as the hidden field `state`. */
  state: string;
  /** Where the form is posted: a path on this host. */
  action: string;
  /** Messages for people (errorText), keyed by field name; the key `form` or the empty key is about the whole form. */
  errors?: Readonly<Record<string, string>> | undefined;
};

/** Offered where a challenge may be skipped next time; `checked` keeps the choice after an error. */
export type RememberBrowser = { checked: boolean };

/** The kinds of second factor that screens know words and drawings for. */
export type MfaMethod = 'otp' | 'sms' | 'voice' | 'email' | 'push' | 'recovery-code';

/** Values of the `action` field: which button was pressed. Screens with lists of choices add their own, named there. */
export const pageActions = {
  submit: 'default',
  resend: 'resend-code',
  tryAnother: 'pick-authenticator',
  call: 'pick-voice',
  text: 'pick-sms',
  enterCode: 'enter-otp-code',
  back: 'back',
  skip: 'skip',
  accept: 'accept',
  deny: 'deny',
} as const;

/** Gives the message about the whole form, if there is one. */
export function formError(view: FormView): string | undefined {
  return view.errors?.form || view.errors?.[''] || undefined;
}

/**
 * Gives the name of the field that should have the focus when the page opens: the first one with an error, else the
 * first empty one. `fields` lists them in the order of the page, each with the value it is shown with.
 */
export function pickFocus(view: FormView, fields: Readonly<Record<string, string | undefined>>): string | undefined {
  const names = Object.keys(fields);
  return names.find((name) => view.errors?.[name]) ?? names.find((name) => !fields[name]) ?? names[0];
}

/** Gives what a page that lets people in says it is for: the organization, the application or the tenant. */
export function purposeOf(
  view: BaseView,
  texts: Readonly<
    Record<'description' | 'descriptionWithoutClient' | 'descriptionAtOrganization' | 'descriptionInvited', string>
  >,
): string {
  const { client, organization, theme } = view;
  const values = { clientName: client?.name, companyName: theme.companyName, organizationName: organization?.name };
  if (organization) {
    const isAbout = organization.isInvited || !client;
    return fill(isAbout ? texts.descriptionInvited : texts.descriptionAtOrganization, values);
  }
  return fill(client ? texts.description : texts.descriptionWithoutClient, values);
}
