import { oauthError, type WireError } from '../../kernel/index.ts';

const GRANT = 'http://auth0.com/oauth/grant-type';

/** What is sent for each `credential_type`: all of it, and nothing else. */
const MEMBERS = {
  password: ['client_id', 'credential_type', 'username', 'password'],
  [`${GRANT}/password-realm`]: ['client_id', 'credential_type', 'username', 'password', 'realm'],
  [`${GRANT}/passwordless/otp`]: ['client_id', 'credential_type', 'username', 'otp', 'realm'],
} as const;
const MOST_USUAL = MEMBERS[`${GRANT}/password-realm`];

/** What a page of the application has asked for; a secret is a password or a code that was sent. */
export interface Credentials {
  readonly kind: 'password' | 'otp';
  readonly client_id: string;
  readonly username: string;
  readonly secret: string;
  /** The connection; without it the tenant's default directory. */
  readonly realm?: string;
}

/** The body of `/co/authenticate`. WireErrors 400 in Auth0's words. */
export function readCredentials(body: unknown): Credentials {
  const sent = (body ?? {}) as Readonly<Record<string, unknown>>;
  const type = sent.credential_type;
  if (typeof type !== 'string' || type === '') throw incomplete(MOST_USUAL);
  if (!Object.hasOwn(MEMBERS, type))
    throw oauthError(400, 'unsupported_credential_type', 'Unknown credential type parameter.');
  const members: readonly string[] = MEMBERS[type as keyof typeof MEMBERS];
  const isWhole = members.every((name) => typeof sent[name] === 'string' && sent[name] !== '');
  if (!isWhole || Object.keys(sent).length > members.length) throw incomplete(members);
  const { client_id, username, password, otp, realm } = sent as Record<string, string>;
  return {
    kind: password === undefined ? 'otp' : 'password',
    client_id: client_id as string,
    username: username as string,
    secret: (password ?? otp) as string,
    ...(realm === undefined ? {} : { realm }),
  };
}

function incomplete(members: readonly string[]): WireError {
  const text = `Invalid request body. All and only of ${members.join(', ')} are required.`;
  return oauthError(400, 'invalid_request', text);
}
