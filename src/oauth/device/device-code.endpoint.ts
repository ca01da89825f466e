import {
  type AuthorizationDetail,
  anything,
  type Context,
  endpoint,
  isFailure,
  json,
  type Reply,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type Limit, networkOf, spendAllowance } from '../../protection/index.ts';
import { findClient, type StoredClient } from '../../resources/clients/index.ts';
import { resolveAudience, serviceNotFound } from '../audience.ts';
import { readAuthorizationDetails } from '../authorization-details.ts';
import { deferredAuthorizationsOf } from '../deferred/deferred.store.ts';
import { draftDeferred } from '../deferred/deferred.ts';
import { requireNoOrganization } from '../deferred/without-organization.ts';
import { chosenAudience } from '../resource-parameter.ts';
import { grantScopes } from '../scopes.ts';
import { authenticateClient } from '../token/index.ts';
import { readScope, readText, type TokenBody, type TokenRequest } from '../token/token-request.ts';
import { tooMany } from '../too-many.ts';
import { ACTIVATE } from './activate.endpoints.ts';
import { requireDeviceClient } from './device-client.ts';
import { digestUserCode, newUserCode } from './user-code.ts';

const LIFETIME_SECONDS = 900;
const INTERVAL_SECONDS = 5;
/** A code costs a row, and each that waits for its user makes guessing one a little easier. A device needs one every quarter of an hour. */
const BY_CALLER: Limit = { burst: 100, everyMs: 5000 };
/** Two codes in use at once are never the same; with the shortest codes that a tenant may have, one in a million draws is taken. */
const DRAWS = 5;

/** RFC 8628 §3.1: a device asks for a code to show to its user. */
async function requestCode(ctx: Context, request: TokenRequest): Promise<Reply> {
  try {
    const client = await authenticateClient(ctx, request);
    requireDeviceClient(client);
    await requireAllowance(ctx);
    requireNoOrganization(client, readText(request.body, 'organization'));
    const wish = await readWish(ctx, client, request.body);
    return json(200, await issueCode(ctx, client, wish));
  } catch (error) {
    if (error instanceof WireError) await recordRefusal(ctx, request.body.client_id, error);
    throw error;
  }
}

/** Anybody may ask in the name of a public client. Throws WireError 429 for who asks too often. */
async function requireAllowance(ctx: Context): Promise<void> {
  const { allowed, headers } = await spendAllowance(ctx, ['device_code', networkOf(ctx.caller.ip)], BY_CALLER);
  if (!allowed) throw tooMany(headers);
}

interface Wish {
  readonly scope: readonly string[];
  readonly audience?: string;
  readonly authorization_details?: readonly AuthorizationDetail[];
}

/** What is asked for, if the client may have it of anybody. Throws WireError 403 access_denied, 400. */
async function readWish(ctx: Context, client: StoredClient, body: TokenBody): Promise<Wish> {
  const given = await chosenAudience(ctx, {
    audience: readText(body, 'audience'),
    resource: readText(body, 'resource'),
  });
  const target = await resolveAudience(ctx, client, given, serviceNotFound);
  const scope = readScope(body.scope) ?? [];
  await grantScopes(ctx, { target, client, requested: scope, flow: 'device_code' });
  // A default audience is written down, so that it stays what it was.
  const details = await readAuthorizationDetails(ctx, readText(body, 'authorization_details'), { client, target });
  const audience = given ?? (target.kind === 'userinfo' ? undefined : target.identifier);
  return {
    scope,
    ...(audience === undefined ? {} : { audience }),
    ...(details ? { authorization_details: details } : {}),
  };
}

async function issueCode(ctx: Context, client: StoredClient, wish: Wish): Promise<object> {
  const device_code = randomToken(ctx.random);
  const asked = { id: hashToken(device_code), kind: 'device', client_id: client.client_id, ...wish } as const;
  for (let draw = 1; ; draw++) {
    const user_code = await newUserCode(ctx);
    const row = { ...asked, user_code_digest: digestUserCode(ctx, user_code), interval: INTERVAL_SECONDS };
    try {
      await deferredAuthorizationsOf(ctx).insert(draftDeferred(ctx, row, LIFETIME_SECONDS * 1000));
    } catch (error) {
      if (!isFailure(error, 'duplicate') || draw === DRAWS) throw error;
      continue;
    }
    const verification_uri = `${ctx.issuer}${ACTIVATE.slice(1)}`;
    const verification_uri_complete = `${verification_uri}?user_code=${encodeURIComponent(user_code)}`;
    const terms = { expires_in: LIFETIME_SECONDS, interval: INTERVAL_SECONDS };
    return { device_code, user_code, verification_uri, ...terms, verification_uri_complete };
  }
}

const LONGEST_ID = 200;

async function recordRefusal(ctx: Context, claimed: unknown, { body }: WireError): Promise<void> {
  const client_id = typeof claimed === 'string' ? claimed.slice(0, LONGEST_ID) : undefined;
  const client = client_id === undefined ? undefined : await findClient(ctx, client_id);
  ctx.audit({
    type: 'fdeaz',
    description: String(body.error_description ?? ''),
    ...(client_id === undefined ? {} : { client_id }),
    ...(client ? { client_name: client.name } : {}),
  });
}

export const deviceCodeEndpoint = endpoint({
  method: 'POST',
  path: '/oauth/device/code',
  name: 'requestDeviceCode',
  summary: 'Get a code for a device to show to its user',
  tag: 'device flow',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    client_id: anything('The application on the device.'),
    scope: anything('What is asked for, separated by spaces.'),
    audience: anything('The API that the access token is for.'),
    authorization_details: anything('What is asked for besides scopes (RFC 9396).'),
    resource: anything('The same as `audience`, where the tenant accepts it.'),
  }),
  replies: {
    200: Type.Object({
      device_code: Type.String(),
      user_code: Type.String(),
      verification_uri: Type.String(),
      expires_in: Type.Integer(),
      interval: Type.Integer(),
      verification_uri_complete: Type.String(),
    }),
    401: 'The client could not be authenticated.',
    403: 'The client may not use the device flow, or not for this API.',
    429: 'Asked too often.',
  },
  handle: (ctx, { body, headers }) => requestCode(ctx, { body: body as TokenBody, headers }),
});
