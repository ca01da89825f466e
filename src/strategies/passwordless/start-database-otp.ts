import type { AuditEvent, Context, Message } from '../../kernel/index.ts';
import { hashToken, numericCode, opaqueTicket } from '../../platform/crypto/index.ts';
import { composeLetter } from '../../platform/messages/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, databaseRules } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findIdentifierProblem } from '../../resources/users/index.ts';
import { databaseOtpsOf } from './database-otp.store.ts';
import { findDatabaseUser, isMereClaim } from './database-user.ts';
import { digestCode } from './passwordless-code.store.ts';
import { normalizeRecipient } from './recipient.ts';

export interface DatabaseOtpStart {
  /** A database in which people log in with codes to `identifier`. */
  readonly connection: Connection;
  readonly client: StoredClient;
  readonly identifier: 'email' | 'phone_number';
  readonly recipient: string;
  readonly allow_signup: boolean;
  /** Of a code to a phone: is it spoken in a call? */
  readonly isVoice: boolean;
}

const LIFETIME = 180_000;

/**
 * Sends a code to a user of a database, or to whoever may become one. The answer is the same, and takes as long, when nothing is sent:
 * sending begins when the answer has left. Logged as `cls` or `cs`, or as `f` with the reason.
 *
 * @returns the `auth_session` to redeem within three minutes, good for nothing where nothing was sent
 */
export async function startDatabaseOtp(ctx: Context, start: DatabaseOtpStart): Promise<string> {
  const { connection, client, identifier, allow_signup } = start;
  const now = ctx.clock.now();
  const recipient = normalizeRecipient(start.recipient);
  const auth_session = opaqueTicket(ctx.random, now, LIFETIME);
  const id = hashToken(auth_session);
  const code = numericCode(ctx.random);
  const reason = await refusalOf(ctx, start, recipient);
  await databaseOtpsOf(ctx).insert({
    id,
    client_id: client.client_id,
    connection_id: connection.id,
    identifier,
    recipient,
    code_digest: digestCode(ctx, id, code),
    allow_signup,
    attempts: 0,
    expires_at: now + LIFETIME,
  });
  const message = await compose(ctx, start, code);
  if (reason === undefined) sendAfterwards(ctx, message);
  ctx.audit(eventOf(start, reason));
  return auth_session;
}

async function refusalOf(ctx: Context, start: DatabaseOtpStart, recipient: string): Promise<string | undefined> {
  const { connection, identifier, allow_signup } = start;
  const user = await findDatabaseUser(ctx, connection, identifier, recipient);
  if (user?.blocked) return 'user is blocked';
  if (user && isMereClaim(user, identifier))
    return `The ${identifier} is not verified, and the user has proved another.`;
  if (user) return undefined;
  const rules = databaseRules(connection);
  if (!allow_signup || rules.signupDisabled) return 'Public signup is disabled';
  return findIdentifierProblem(rules, { [identifier]: recipient }, 'signup')?.message;
}

async function compose(ctx: Context, { client, identifier, isVoice, recipient }: DatabaseOtpStart, code: string) {
  const service = client.name || (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
  const spoken = isVoice ? [...code].join(', ') : code;
  const text = `Your verification code for ${service} is: ${spoken}`;
  if (identifier === 'phone_number')
    return { channel: isVoice ? 'voice' : 'sms', to: recipient, text, code } satisfies Message;
  const closing = 'It can be used once, within three minutes. If you did not ask for it, ignore this message.';
  return composeLetter(recipient, { subject: `Your code for ${service}`, opening: text, code, closing });
}

function sendAfterwards(ctx: Context, message: Message): void {
  ctx.afterwards(async () => {
    try {
      await ctx.messenger.deliver(message);
    } catch (error) {
      ctx.log.warn({ err: error, tenant: ctx.tenant.name }, 'a code was not sent');
    }
  });
}

function eventOf(
  { connection, client, identifier, recipient }: DatabaseOtpStart,
  reason: string | undefined,
): AuditEvent {
  return {
    type: reason === undefined ? (identifier === 'email' ? 'cls' : 'cs') : 'f',
    description: reason ?? recipient.slice(0, 320),
    connection: connection.name,
    connection_id: connection.id,
    strategy: connection.strategy,
    strategy_type: 'database',
    client_id: client.client_id,
    client_name: client.name,
    user_name: recipient.slice(0, 320),
  };
}
