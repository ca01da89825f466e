import {
  anything,
  type Context,
  endpoint,
  fail,
  json,
  oauthError,
  type Reply,
  Type,
  type WireError,
} from '../../kernel/index.ts';
import {
  type EnrollmentStart,
  mustProveFirst,
  type PendingMfa,
  type StartedEnrollment,
  startEnrollment,
} from '../../mfa/index.ts';
import { authenticateClient } from '../token/index.ts';
import { requireText } from '../token/token-request.ts';
import { requireMfaBearer } from './bearer.ts';

type Body = Readonly<Record<string, unknown>>;
type Wanted = Pick<EnrollmentStart, 'type' | 'channel' | 'phone_number' | 'email'>;

const invalid = (description: string): WireError => oauthError(400, 'invalid_request', description);

/** The one word in the list `name`. Auth0 takes lists, of exactly one element. */
function requireOnly(body: Body, name: string): string {
  const value = body[name];
  if (value === undefined || value === null) throw invalid(`Missing required parameter: ${name}`);
  if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== 'string') {
    throw invalid(`Parameter ${name} must be an array with one string`);
  }
  return value[0];
}

function readWanted(body: Body): Wanted {
  const type = requireOnly(body, 'authenticator_types');
  if (type === 'otp') return { type: 'otp' };
  if (type !== 'oob')
    throw oauthError(400, 'unsupported_authenticator_type', `Unsupported authenticator type: ${type}`);
  const channel = requireOnly(body, 'oob_channels');
  if (channel === 'auth0') return { type: 'push' };
  if (channel === 'sms' || channel === 'voice') {
    return { type: 'phone', channel, phone_number: requireText(body, 'phone_number') };
  }
  if (channel !== 'email') throw invalid(`Unsupported oob_channels: ${channel}`);
  return { type: 'email', ...(body.email === undefined ? {} : { email: requireText(body, 'email') }) };
}

/** Who calls is in the token; a client that says who it is besides must be the same, and prove it where it sends a proof. */
async function requireSameClient(
  ctx: Context,
  body: Body,
  headers: Readonly<Record<string, string | undefined>>,
  pending: PendingMfa,
): Promise<void> {
  const proves = [body.client_secret, body.client_assertion].some((proof) => proof !== undefined && proof !== '');
  const clientId = proves ? (await authenticateClient(ctx, { headers, body })).client_id : body.client_id;
  if (clientId === undefined || clientId === '' || clientId === pending.client_id) return;
  throw oauthError(401, 'access_denied', 'Unauthorized', { detail: 'the token is of another client' });
}

/** Members in Auth0's order, which differs by kind. */
function present(started: StartedEnrollment): Body {
  const { secret, barcode_uri, recovery_code, oob_code, channel } = started;
  const recovery = recovery_code ? { recovery_codes: [recovery_code] } : {};
  if (channel === undefined) return { authenticator_type: 'otp', secret, barcode_uri, ...recovery };
  if (channel === 'push')
    return { authenticator_type: 'oob', barcode_uri, oob_channel: 'auth0', oob_code, ...recovery };
  return { authenticator_type: 'oob', binding_method: 'prompt', ...recovery, oob_channel: channel, oob_code };
}

async function associate(
  ctx: Context,
  body: Body,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Reply> {
  const pending = await requireMfaBearer(ctx, headers, 'enroll');
  await requireSameClient(ctx, body, headers, pending);
  const { user, client_id } = pending;
  const wanted = readWanted(body);
  if (pending.kind === 'login' && (await mustProveFirst(ctx, user))) fail('already_enrolled', {});
  return json(200, present(await startEnrollment(ctx, { user, client_id, ...wanted })));
}

export const associateEndpoint = endpoint({
  method: 'POST',
  path: '/mfa/associate',
  name: 'associateAuthenticator',
  summary: 'Begin to enrol a second factor',
  tag: 'Multi-factor authentication',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    authenticator_types: anything('`["otp"]` or `["oob"]`.'),
    oob_channels: anything('With `oob`: `["sms"]`, `["voice"]`, `["email"]` or `["auth0"]` (push).'),
    phone_number: anything('With `sms` and `voice`: where to, in E.164.'),
    email: anything("With `email`: where to; default: the user's address."),
    client_id: anything('The client that the token belongs to.'),
    client_secret: anything('Its secret.'),
    client_assertion: anything('Its assertion, where it has keys in place of a secret.'),
    client_assertion_type: anything('The type of the assertion.'),
  }),
  replies: {
    200: Type.Object({
      authenticator_type: Type.String(),
      secret: Type.Optional(Type.String()),
      barcode_uri: Type.Optional(Type.String()),
      binding_method: Type.Optional(Type.String()),
      oob_channel: Type.Optional(Type.String()),
      oob_code: Type.Optional(Type.String()),
      recovery_codes: Type.Optional(Type.Array(Type.String())),
    }),
    400: 'A parameter is missing or malformed.',
    401: 'The token is missing, not valid or expired.',
    403: 'The factor is off, or the user has one that must be proved first.',
    429: 'Too many messages.',
  },
  handle: (ctx, { body, headers }) => associate(ctx, body, headers),
});
