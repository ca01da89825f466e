import { anything, type Context, endpoint, fail, json, type Reply, Type } from '../../kernel/index.ts';
import {
  auditMfa,
  challengeableMethods,
  type Method,
  type MethodKind,
  openMfaToken,
  startChallenge,
} from '../../mfa/index.ts';
import { isGrantAllowed, type StoredClient } from '../../resources/clients/index.ts';
import { grantNotAllowed } from '../allowed-grant.ts';
import { authenticateClient, proveSender } from '../token/index.ts';
import { readText, requireText } from '../token/token-request.ts';
import { GRANT } from '../vocabulary.ts';

type Body = Readonly<Record<string, unknown>>;
type ChallengeType = 'otp' | 'oob';

const TYPES: Readonly<Record<MethodKind, ChallengeType | undefined>> = {
  totp: 'otp',
  sms: 'oob',
  voice: 'oob',
  email: 'oob',
  push: 'oob',
  'recovery-code': undefined,
};
const GRANTS: Readonly<Record<ChallengeType, string>> = { otp: GRANT.mfaOtp, oob: GRANT.mfaOob };
const CHANNELS: Readonly<Record<string, MethodKind>> = { sms: 'sms', voice: 'voice', email: 'email', auth0: 'push' };

/** The client says what it can handle; without a word it can handle everything. */
function readTypes(body: Body): ReadonlySet<ChallengeType> {
  const words = (readText(body, 'challenge_type') ?? 'otp oob').split(/\s+/);
  return new Set((['otp', 'oob'] as const).filter((type) => words.includes(type)));
}

/** Those of them whose grant the client may use. WireError 403 unauthorized_client where that is none: nobody could use the challenge. */
function usableTypes(client: StoredClient, body: Body): ReadonlySet<ChallengeType> {
  const types = [...readTypes(body)];
  const usable = types.filter((type) => isGrantAllowed(client, GRANTS[type]));
  const [refused] = types;
  if (refused && usable.length === 0) throw grantNotAllowed(GRANTS[refused]);
  return new Set(usable);
}

function choose(methods: readonly Method[], types: ReadonlySet<ChallengeType>, body: Body): Method {
  const id = readText(body, 'authenticator_id');
  const channel = readText(body, 'oob_channel');
  const named = id === undefined ? methods : methods.filter((method) => method.id === id);
  if (named.length === 0) fail('authenticator_not_found', {});
  const fitting = named
    .filter(({ kind }) => types.has(TYPES[kind] as ChallengeType))
    .filter(({ kind }) => channel === undefined || kind === 'totp' || kind === CHANNELS[channel]);
  // A channel that was asked for goes before what merely fits.
  const wanted = fitting.find(({ kind }) => channel !== undefined && kind === CHANNELS[channel]);
  return wanted ?? fitting[0] ?? fail('unsupported_challenge_type', {});
}

async function challenge(
  ctx: Context,
  body: Body,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Reply> {
  const client = await authenticateClient(ctx, { headers, body });
  const types = usableTypes(client, body);
  const holder = { client_id: client.client_id, confirmation: await proveSender(ctx, client, headers) };
  const { user, client_id } = await openMfaToken(ctx, requireText(body, 'mfa_token'), holder);
  const methods = await challengeableMethods(ctx, user);
  if (methods.length === 0) fail('no_authenticators', {});
  const { kind, authenticator } = choose(methods, types, body);
  if (kind === 'totp' || kind === 'recovery-code') {
    auditMfa(ctx, 'gd_start_auth', { user, client_id, authenticator, method: 'otp' });
    return json(200, { challenge_type: 'otp' });
  }
  const { oob_code, binding } = await startChallenge(ctx, { user, client_id, authenticator, channel: kind });
  return json(200, { challenge_type: 'oob', oob_code, ...(binding ? { binding_method: 'prompt' } : {}) });
}

export const challengeEndpoint = endpoint({
  method: 'POST',
  path: '/mfa/challenge',
  name: 'challengeSecondFactor',
  summary: "Challenge one of the user's second factors",
  tag: 'Multi-factor authentication',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    mfa_token: anything('The token of the `mfa_required` answer.'),
    challenge_type: anything('`otp`, `oob` or both, separated by a space: what the client can handle. Default: both.'),
    authenticator_id: anything('Which one. Default: the one that is easiest to answer.'),
    oob_channel: anything('`sms`, `voice`, `email` or `auth0`: which channel, where several fit.'),
    client_id: anything('The client.'),
    client_secret: anything('Its secret.'),
    client_assertion: anything('Its assertion, where it has keys in place of a secret.'),
    client_assertion_type: anything('The type of the assertion.'),
  }),
  replies: {
    200: Type.Object({
      challenge_type: Type.String(),
      oob_code: Type.Optional(Type.String()),
      binding_method: Type.Optional(Type.String()),
    }),
    400: 'The user has no factor, or none of these types.',
    401: 'The client could not be authenticated, or the token is expired.',
    403: 'The token is not valid, or the client may not use the grant that the challenge is for.',
    404: 'The user has no such authenticator.',
    429: 'Too many messages.',
  },
  handle: (ctx, { body, headers }) => challenge(ctx, body, headers),
});
