import { type Context, Failure, type FailureCode, oauthError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, passwordlessRules } from '../../resources/connections/index.ts';
import { findRecipientProblem, type PasswordlessStart, requirePasswordlessConnection } from '../../strategies/index.ts';

export type StartBody = Readonly<Record<string, unknown>>;

/** What a request may hold: anything else is refused by name. */
export const STARTABLE: Readonly<Record<string, string>> = {
  client_id: 'The application.',
  client_secret: 'Its secret.',
  client_assertion: 'Its assertion, where it has keys in place of a secret.',
  client_assertion_type: 'The type of the assertion.',
  connection: 'The e-mail or SMS connection.',
  email: 'Where to, for an e-mail connection.',
  phone_number: 'Where to, for an SMS connection: E.164.',
  send: '`link` (the default) or `code`; an SMS always brings a code.',
  authParams: 'What the login behind a link asks for: parameters of `/authorize`.',
};

const bad = (what: string, description: string) => oauthError(400, `bad.${what}`, description);

/** Refuses what no request may be like, before its client is looked at. WireError 400. */
export function requireWellFormed(body: StartBody): void {
  const foreign = Object.keys(body).filter((name) => !Object.hasOwn(STARTABLE, name));
  if (foreign.length > 0) throw bad('request', `the following properties are not allowed: ${foreign.join(', ')}`);
  requireText(body, 'client_id');
}

/** Everything but the client: what is to be sent where. WireErrors 400 in Auth0's words. */
export async function readStart(ctx: Context, body: StartBody, client: StoredClient): Promise<PasswordlessStart> {
  const connection = await readConnection(ctx, requireText(body, 'connection'), client);
  const { identifier } = passwordlessRules(connection);
  const recipient = requireText(body, identifier);
  const problem = findRecipientProblem(identifier, recipient);
  if (problem) throw bad(identifier, problem);
  const authParams = readAuthParams(body.authParams);
  return {
    connection,
    client,
    recipient,
    send: readSend(connection, body.send),
    ...(authParams ? { authParams } : {}),
  };
}

function requireText(body: StartBody, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw bad(name, `Missing required property: ${name}`);
  if (typeof value !== 'string') throw bad(name, wrongType(name, value, 'string'));
  return value;
}

function wrongType(name: string, value: unknown, expected: string): string {
  return `error in ${name} - invalid type: ${Array.isArray(value) ? 'array' : typeof value} (expected ${expected})`;
}

const REFUSALS: Partial<Readonly<Record<FailureCode, string>>> = {
  connection_not_found: 'Connection does not exist',
  connection_disabled: 'Connection is disabled',
  strategy_unsupported: 'Invalid connection strategy. It must either be a passwordless connection',
};

async function readConnection(ctx: Context, name: string, client: StoredClient): Promise<Connection> {
  try {
    return await requirePasswordlessConnection(ctx, name, client);
  } catch (error) {
    const text = error instanceof Failure ? REFUSALS[error.code as FailureCode] : undefined;
    throw text === undefined ? error : bad('connection', text);
  }
}

function readSend({ strategy }: Connection, value: unknown): 'code' | 'link' {
  const wanted = value ?? (strategy === 'sms' ? 'code' : 'link');
  const allowed = strategy === 'sms' ? ['code'] : ['code', 'link'];
  if (typeof wanted !== 'string' || !allowed.includes(wanted))
    throw bad('send', `error in send - it must be one of ${allowed.join(', ')}`);
  return wanted as 'code' | 'link';
}

function readAuthParams(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw bad('authParams', wrongType('authParams', value, 'object'));
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  const wrong = entries.find(([, member]) => !['string', 'number', 'boolean'].includes(typeof member));
  if (wrong) throw bad('authParams', wrongType(`authParams.${wrong[0].slice(0, 100)}`, wrong[1], 'string'));
  return Object.fromEntries(entries.map(([name, member]) => [name, String(member)]));
}
