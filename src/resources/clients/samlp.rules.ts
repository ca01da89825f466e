import { managementError, webUrl } from '../../kernel/index.ts';
import type { Client } from './client.ts';

const BINDINGS = [
  'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
];
const CHOICES = {
  signatureAlgorithm: ['rsa-sha1', 'rsa-sha256'],
  digestAlgorithm: ['sha1', 'sha256'],
  binding: BINDINGS,
} as const;
/** A year: what is longer is no lifetime of an assertion, and its end would soon be no date. */
const LONGEST = 31_536_000;

interface Settings {
  readonly mappings?: Readonly<Record<string, unknown>>;
  readonly lifetimeInSeconds?: number;
  readonly logout?: { readonly callback?: string } | null;
  readonly [name: string]: unknown;
}

/** What the SAML add-on cannot do is not stored as if it could. WireError 400. */
export function requireSamlRules({ addons }: Partial<Client>): void {
  const { samlp } = (addons ?? {}) as { samlp?: Settings | null };
  if (!samlp) return;
  for (const [name, values] of Object.entries(CHOICES)) {
    const value = samlp[name];
    if (value !== undefined && !(values as readonly unknown[]).includes(value))
      throw refuse(name, `must be one of ${values.join(', ')}`);
  }
  const { lifetimeInSeconds: seconds, mappings, logout } = samlp;
  if (seconds !== undefined && (seconds < 1 || seconds > LONGEST))
    throw refuse('lifetimeInSeconds', `must be between 1 and ${LONGEST}`);
  if (!Object.values(mappings ?? {}).every(isNames))
    throw refuse('mappings', 'must have a name, or a list of names, for each attribute');
  if (logout?.callback !== undefined && !isWebAddress(logout.callback))
    throw refuse('logout.callback', 'must be an http or https URL');
}

const refuse = (name: string, why: string) =>
  managementError(400, `Payload validation error: 'addons.samlp.${name} ${why}'.`, 'invalid_body');

const isName = (value: unknown) => typeof value === 'string' && value !== '';
const isNames = (value: unknown) => isName(value) || (Array.isArray(value) && value.length > 0 && value.every(isName));

const isWebAddress = (text: string) => webUrl(text)?.username === '';
