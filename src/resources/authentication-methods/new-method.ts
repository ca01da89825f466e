import { type Context, isoTime, managementError, type Static } from '../../kernel/index.ts';
import { decodeBase32 } from '../../platform/crypto/index.ts';
import { parsePhoneNumber } from '../../platform/messages/index.ts';
import { isEmail } from '../users/index.ts';
import type { Authenticator } from './authenticator.store.ts';
import type { NewMethod } from './method.schema.ts';
import { newAuthenticatorId, sealOtpSecret } from './secrets.ts';

export type MethodBody = Static<typeof NewMethod>;

const invalid = (message: string) => managementError(400, `Payload validation error: '${message}'.`, 'invalid_body');

/** The members that belong to each type besides `type` and `name`: required, then optional. */
const MEMBERS = {
  phone: { required: 'phone_number', optional: ['preferred_authentication_method'] },
  email: { required: 'email', optional: [] },
  totp: { required: 'totp_secret', optional: [] },
} as const satisfies Record<string, { required: keyof MethodBody; optional: readonly (keyof MethodBody)[] }>;

/** A shared secret of fewer bits than RFC 4226 §4 demands would be guessed. */
const SHORTEST_SECRET_BYTES = 16;
/** How long a name may be in answers. */
const LONGEST_NAME = 20;

/**
 * The confirmed authenticator that an administrator gives to `userId`. Stores nothing.
 *
 * @throws WireError 400 for a type that this server has no factor for, and for members that are missing, malformed or of another type
 */
export function makeAuthenticator(ctx: Context, userId: string, body: MethodBody): Authenticator {
  const { type } = body;
  if (type === 'webauthn-roaming' || type === 'passkey') {
    throw managementError(
      400,
      `Authentication methods of type ${type} are not supported by this server.`,
      'operation_not_supported',
    );
  }
  requireMembers(type, body);
  if (body.name !== undefined) requireName(body.name);
  const now = isoTime(ctx.clock);
  const id = newAuthenticatorId(ctx);
  const shared = {
    id,
    user_id: userId,
    confirmed: true,
    created_at: now,
    enrolled_at: now,
    ...(body.name ? { name: body.name } : {}),
  };
  if (type === 'totp') return { ...shared, type: 'otp', secret_sealed: sealOtpSecret(ctx, id, readSecret(body)) };
  if (type === 'email') return { ...shared, type, email: readEmail(body) };
  const { preferred_authentication_method = 'sms' } = body;
  return { ...shared, type, phone_number: readPhoneNumber(body), preferred_authentication_method };
}

/** WireError 400 when `name` is longer than answers may carry. */
export function requireName(name: string): void {
  if (name.length <= LONGEST_NAME) return;
  throw invalid(`String is too long (${name.length} chars), maximum ${LONGEST_NAME}`);
}

function requireMembers(type: keyof typeof MEMBERS, body: MethodBody): void {
  const { required, optional } = MEMBERS[type];
  if (!body[required]) throw invalid(`Missing required property: ${required}`);
  const allowed: readonly string[] = ['type', 'name', required, ...optional];
  const foreign = Object.keys(body).filter((member) => !allowed.includes(member));
  if (foreign.length > 0) throw invalid(`Additional properties not allowed: ${foreign.reverse().join(',')}`);
}

function readSecret({ totp_secret = '' }: MethodBody): string {
  const secret = totp_secret.replace(/[\s=]/g, '').toUpperCase();
  try {
    if (decodeBase32(secret).length >= SHORTEST_SECRET_BYTES) return secret;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid(`totp_secret must be base32 and at least ${SHORTEST_SECRET_BYTES} bytes long`);
}

function readEmail({ email = '' }: MethodBody): string {
  if (!isEmail(email)) throw invalid(`Object didn't pass validation for format email: ${email}`);
  return email;
}

function readPhoneNumber({ phone_number = '' }: MethodBody): string {
  const number = parsePhoneNumber(phone_number);
  if (!number) throw invalid(`Object didn't pass validation for format phone-number: ${phone_number}`);
  return number;
}
