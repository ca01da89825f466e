import { type AuditEvent, type Context, fail, hexId } from '../../kernel/index.ts';
import { numericCode } from '../../platform/crypto/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';
import { networkOf, type Spent, spendAllowance } from '../../protection/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, passwordlessRules } from '../../resources/connections/index.ts';
import { findPasswordCredential } from '../../resources/users/index.ts';
import { composeMessage } from './message.ts';
import { codeKey, digestCode, type PasswordlessCode, passwordlessCodesOf } from './passwordless-code.store.ts';
import { normalizeRecipient } from './recipient.ts';
import { senderFor } from './sender.ts';

export interface PasswordlessStart {
  readonly connection: Connection;
  readonly client: StoredClient;
  /** E-mail address or phone number that `findRecipientProblem` has nothing against. */
  readonly recipient: string;
  /** `link`: e-mail only. */
  readonly send: 'code' | 'link';
  /** What the login behind a link asks for: parameters of `/authorize`. */
  readonly authParams?: Readonly<Record<string, string>>;
  /** `x-request-language` */
  readonly language?: string | undefined;
}

const MINUTE = 60_000;
/** Auth0: fifty an hour from one address. */
const BY_CALLER = { burst: 50, everyMs: (60 * MINUTE) / 50 };
/** Each code is three guesses, whoever asks for it from wherever: this bounds them. */
const TO_RECIPIENT = { burst: 10, everyMs: 12 * MINUTE };
/** How long somebody who is late is told that they are. */
const REMEMBERED = 10 * MINUTE;

/**
 * Counts a code that is asked for against what one caller may ask for, and against what one address may be sent. `ip`: the user's
 * address, where a trusted client forwarded it.
 */
export async function spendStartAllowance(
  ctx: Context,
  connection: Connection,
  recipient: string,
  ip = ctx.caller.ip,
): Promise<Spent> {
  const byCaller = await spendAllowance(ctx, ['passwordless', networkOf(ip)], BY_CALLER);
  if (!byCaller.allowed) return byCaller;
  const to = ['passwordless recipient', connection.id, normalizeRecipient(recipient)];
  const { allowed } = await spendAllowance(ctx, to, TO_RECIPIENT);
  return { ...byCaller, allowed };
}

/**
 * Sends a code or a link, which takes the place of any that was sent to the same address before. Where nobody may sign up, what the
 * caller sees is the same for those who have no account: nothing is sent to them then. Logged as `cls` or `cs`.
 *
 * @returns the id that a user who signs up with it will have, without the provider
 * @throws Failure message_not_sent, logged as `fn`; then the code is gone
 */
export async function startPasswordless(ctx: Context, start: PasswordlessStart): Promise<{ readonly id: string }> {
  const { connection } = start;
  const rules = passwordlessRules(connection);
  const recipient = normalizeRecipient(start.recipient);
  const code = numericCode(ctx.random, rules.codeLength);
  const row = draftRow(ctx, start, recipient, code);
  await passwordlessCodesOf(ctx).put(row);
  if (!rules.signupDisabled) await deliver(ctx, start, row, code);
  // Sending takes time that nobody must be able to measure: it begins when the answer has left.
  else if (await findPasswordCredential(ctx, connection.name, recipient)) sendAfterwards(ctx, start, code);
  else ctx.audit({ ...eventOf(start), type: 'f', description: 'Public signup is disabled' });
  return { id: row.local_id };
}

function draftRow(ctx: Context, start: PasswordlessStart, recipient: string, code: string): PasswordlessCode {
  const id = codeKey(start.connection, recipient);
  const valid_until = ctx.clock.now() + passwordlessRules(start.connection).lifetime;
  return {
    id,
    client_id: start.client.client_id,
    code_digest: digestCode(ctx, id, code),
    local_id: hexId(ctx.random),
    attempts: 0,
    valid_until,
    expires_at: valid_until + REMEMBERED,
  };
}

async function send(ctx: Context, start: PasswordlessStart, code: string): Promise<void> {
  const message = await composeMessage(ctx, start, code);
  await senderFor(ctx, start.connection).deliver(message);
}

async function deliver(ctx: Context, start: PasswordlessStart, row: PasswordlessCode, code: string): Promise<void> {
  try {
    await send(ctx, start, code);
  } catch (error) {
    const detail = error instanceof MessageNotSent ? error.detail : String(error);
    await passwordlessCodesOf(ctx).delete(row.id);
    const description = `To: ${start.recipient.slice(0, 320)}`;
    ctx.audit({ ...eventOf(start), type: 'fn', description, details: { error: detail } });
    const channel = start.connection.strategy === 'sms' ? 'sms' : 'email';
    return fail('message_not_sent', { channel }, detail);
  }
  auditSent(ctx, start);
}

function sendAfterwards(ctx: Context, start: PasswordlessStart, code: string): void {
  auditSent(ctx, start);
  ctx.afterwards(async () => {
    try {
      await send(ctx, start, code);
    } catch (error) {
      ctx.log.warn({ err: error, tenant: ctx.tenant.name }, 'a passwordless code was not sent');
    }
  });
}

function auditSent(ctx: Context, start: PasswordlessStart): void {
  const { connection, client, recipient, send, authParams } = start;
  const { identifier } = passwordlessRules(connection);
  const body = {
    client_id: client.client_id,
    connection: connection.name,
    tenant: ctx.tenant.name,
    [identifier]: recipient,
    ...(connection.strategy === 'email' ? { send } : {}),
    ...(authParams ? { authParams } : {}),
  };
  ctx.audit({ ...eventOf(start), type: connection.strategy === 'sms' ? 'cs' : 'cls', details: { body } });
}

function eventOf({ connection, client, recipient }: PasswordlessStart): Omit<AuditEvent, 'type'> {
  return {
    description: recipient.slice(0, 320),
    connection: connection.name,
    connection_id: connection.id,
    strategy: connection.strategy,
    strategy_type: 'passwordless',
    client_id: client.client_id,
    client_name: client.name,
    user_name: recipient.slice(0, 320),
  };
}
