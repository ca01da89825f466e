import { managementError } from '../../kernel/index.ts';
import type { Addons } from './addon-secrets.ts';
import type { Client } from './client.ts';

/** Add-ons that cannot do what they are for, and why. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  cloudbees: 'CloudBees does not publish how its sign-on takes assertions; use samlp',
  concur: 'Concur does not publish how its sign-on takes assertions; use samlp',
  egnyte: 'Egnyte takes assertions at addresses of its own for each identity provider; use samlp',
  mscrm: 'Dynamics CRM wants claims of Active Directory',
  oag: 'Okta Access Gateway sets up its applications itself',
  office365: 'Office 365 wants the immutable ids of Azure Active Directory',
  rms: 'Rights Management wants claims of Active Directory',
  wams: 'Microsoft has shut down Azure Mobile Services',
};

/** Add-ons that say which service the application is, and with that where its users are sent and what is said of them. */
const SERVICES = 'samlp box dropbox echosign newrelic salesforce sentry sharepoint slack springcm zendesk zoom'.split(
  ' ',
);
/** Add-ons that speak WS-Federation. */
const PASSIVE = ['wsfed', 'sharepoint'];

const refuse = (reason: string) => managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');

/** What cannot be done is not stored as if it could, and neither is what something else would stand in front of. WireError 400. */
export function requireOfferedAddons({ addons }: Partial<Client>): void {
  const names = Object.keys((addons ?? {}) as Addons);
  for (const name of names) {
    const reason = Object.hasOwn(NOT_OFFERED, name) ? NOT_OFFERED[name] : undefined;
    if (reason !== undefined) throw refuse(`addons.${name} is not offered: ${reason}`);
  }
  for (const rivals of [SERVICES, PASSIVE]) {
    const chosen = names.filter((name) => rivals.includes(name));
    if (chosen.length > 1)
      throw refuse(`addons may have only one of ${chosen.join(', ')}: a client is one application`);
  }
}
