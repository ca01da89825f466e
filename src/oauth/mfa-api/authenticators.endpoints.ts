import {
  type Context,
  empty,
  endpoint,
  fail,
  json,
  oauthError,
  optionalText,
  type Reply,
  Type,
} from '../../kernel/index.ts';
import {
  insufficientScope,
  listMethods,
  type Method,
  maskedName,
  REQUIREMENT_TYPES,
  unenroll,
} from '../../mfa/index.ts';
import { requireMfaBearer } from './bearer.ts';

const SHARED = { tag: 'Multi-factor authentication', surface: 'oauth', cors: 'client' } as const;
const UNAUTHORIZED = 'The token is missing, not valid or expired.';

type Headers = Readonly<Record<string, string | undefined>>;

function present(method: Method): Readonly<Record<string, unknown>> {
  const { id, kind, authenticator } = method;
  const type = REQUIREMENT_TYPES[kind];
  const active = authenticator.confirmed;
  if (kind === 'totp') return { id, authenticator_type: 'otp', active, type };
  if (kind === 'recovery-code') return { id, authenticator_type: 'recovery-code', active, type };
  const name = maskedName(method);
  const oob_channel = kind === 'push' ? 'auth0' : kind;
  return { id, authenticator_type: 'oob', active, oob_channel, ...(name ? { name } : {}), type };
}

async function listAll(ctx: Context, headers: Headers): Promise<Reply> {
  const { user } = await requireMfaBearer(ctx, headers, 'read:authenticators');
  return json(200, (await listMethods(ctx, user)).map(present));
}

async function remove(ctx: Context, headers: Headers, id: string): Promise<Reply> {
  const pending = await requireMfaBearer(ctx, headers, 'remove:authenticators');
  // Whoever has only proved a password may not take the second factor away.
  if (pending.kind === 'login') throw insufficientScope('remove:authenticators');
  const { user, client_id } = pending;
  const method = (await listMethods(ctx, user)).find((one) => one.id === id) ?? fail('authenticator_not_found', {});
  if (method.implicit)
    throw oauthError(403, 'access_denied', 'A verified email cannot be removed as an authenticator.');
  await unenroll(ctx, { user, client_id, authenticator: method.authenticator });
  return empty(204);
}

const authenticator = Type.Object({
  id: Type.String({ description: '`sms|dev_…`, `totp|dev_…`, `push|dev_…` …' }),
  authenticator_type: Type.String({ description: '`otp`, `oob` or `recovery-code`.' }),
  active: Type.Boolean({ description: 'Whether it was confirmed.' }),
  oob_channel: Type.Optional(Type.String()),
  name: optionalText('The masked address, or the name of the device.'),
  type: Type.String({ description: 'As in `mfa_requirements`.' }),
});

/** What a user can be challenged with, seen and removed by themselves. */
export const authenticatorsEndpoints = [
  endpoint({
    ...SHARED,
    method: 'GET',
    path: '/mfa/authenticators',
    name: 'listAuthenticators',
    summary: "List the user's second factors",
    replies: { 200: Type.Array(authenticator), 401: UNAUTHORIZED, 403: 'The token lacks the scope.' },
    handle: (ctx, { headers }) => listAll(ctx, headers),
  }),
  endpoint({
    ...SHARED,
    method: 'DELETE',
    path: '/mfa/authenticators/:id',
    name: 'removeAuthenticator',
    summary: "Remove one of the user's second factors",
    params: Type.Object({ id: Type.String({ description: 'As listed, percent-encoded.' }) }),
    replies: {
      204: 'Removed.',
      401: UNAUTHORIZED,
      403: 'The token lacks the scope, or this one cannot be removed.',
      404: 'No such authenticator.',
    },
    handle: (ctx, { headers, params }) => remove(ctx, headers, params.id),
  }),
];
