import type { Context, Message } from '../../kernel/index.ts';
import { composeLetter, escapeHtml, oneLine } from '../../platform/messages/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type MessageVariables, passwordlessRules, renderMessage } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { PasswordlessStart } from './start.ts';

const SMS = 'Your verification code is: {{code}}';

/** What brings `code` to its recipient, in the words of the connection's templates or in ours. */
export async function composeMessage(ctx: Context, start: PasswordlessStart, code: string): Promise<Message> {
  const { connection, recipient } = start;
  const variables = await variablesOf(ctx, start, code);
  if (connection.strategy === 'email') return composeEmail(start, code, variables);
  const { template = SMS, syntax, from } = connection.options as { template?: string; syntax?: string; from?: string };
  const text = renderMessage(template, variables, { syntax });
  return { channel: 'sms', to: recipient, text, code, ...(from ? { from } : {}) };
}

async function variablesOf(ctx: Context, start: PasswordlessStart, code: string): Promise<MessageVariables> {
  const { connection, client, recipient, send, language, authParams } = start;
  const friendly_name = (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
  const { identifier } = passwordlessRules(connection);
  return {
    code,
    password: code,
    link: linkFor(ctx, start, code),
    send,
    operation: '',
    request_language: language ?? '',
    connection: connection.name,
    scope: authParams?.scope ?? '',
    'application.name': client.name,
    'application.clientID': client.client_id,
    'application.callback_domain': callbackDomain(client),
    ...metadataOf(client),
    tenant: ctx.tenant.name,
    friendly_name,
    ...(identifier === 'email' ? { email: recipient, 'user.email': recipient } : { phone_number: recipient }),
  };
}

const metadataOf = ({ client_metadata = {} }: StoredClient) =>
  Object.fromEntries(
    Object.entries(client_metadata).map(([name, value]) => [`application.client_metadata.${name}`, value] as const),
  );

/** Auth0: the origin of the first callback, unless nobody is to be led there by us. */
function callbackDomain(client: StoredClient): string {
  if (client.redirection_policy === 'open_redirect_protection') return '';
  const url = URL.parse(client.callbacks?.[0] ?? '');
  return url === null || url.origin === 'null' ? '' : url.origin;
}

/** Auth0's magic link: the request of the login, and the code that proves whose it is. */
function linkFor(ctx: Context, { connection, client, recipient, authParams }: PasswordlessStart, code: string): string {
  const url = new URL('passwordless/verify_redirect', ctx.issuer);
  const wanted = { response_type: 'code', ...passwordlessRules(connection).authParams, ...authParams };
  const own = { verification_code: code, connection: connection.name, client_id: client.client_id, email: recipient };
  for (const [name, value] of Object.entries({ ...wanted, ...own })) url.searchParams.set(name, value);
  return url.href;
}

interface EmailTemplates {
  readonly from?: string;
  readonly subject?: string;
  readonly body?: string;
}

function composeEmail(start: PasswordlessStart, code: string, variables: MessageVariables): Message {
  const { connection, recipient, send } = start;
  const { from, subject, body } = (connection.options.email ?? {}) as EmailTemplates;
  const { html, ...ours } = composeLetter(recipient, { subject: '', ...LETTERS[send](variables, code) });
  return {
    ...ours,
    subject: oneLine(renderMessage(subject ?? SUBJECTS[send], variables)),
    ...(from ? { from: oneLine(renderMessage(from, variables)) } : {}),
    html: body ? renderMessage(body, variables, { encode: escapeHtml }) : html,
  };
}

const SUBJECTS = {
  code: 'Your code for {{application.name}}',
  link: 'Log in to {{application.name}}',
} as const;
const CLOSING = 'It can be used once, within a few minutes. If you did not ask for it, ignore this message.';

const LETTERS = {
  code: (variables: MessageVariables, code: string) => ({
    opening: `Your verification code for ${variables['application.name']} is: ${code}`,
    code,
    closing: CLOSING,
  }),
  link: (variables: MessageVariables) => ({
    opening: `Follow this link to log in to ${variables['application.name']}.`,
    button: 'Log in',
    link: variables.link ?? '',
    closing: CLOSING,
  }),
} as const;
