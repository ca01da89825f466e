import { type Collection, type Context, collection, oauthError, type WireError } from '../kernel/index.ts';
import { hashToken, randomToken } from '../platform/crypto/index.ts';

/** What every `request_uri` that we give out begins with (RFC 9126 §2.2). */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** What a client pushed. */
export interface PushedRequest {
  /** As they were sent, or as the signed request said. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Did they come in a signed request? */
  readonly signed: boolean;
}

/** An authorization request that waits at the server for its user (RFC 9126). */
interface StoredRequest {
  /** SHA-256 of the `request_uri`. */
  readonly id: string;
  readonly client_id: string;
  /** The `PushedRequest`: tokens may be among its parameters, and what is pushed is meant for nobody's eyes. */
  readonly request_sealed: string;
  /** ms: no login can begin with it from then on. */
  readonly usable_until: number;
  /** ms: kept for as long as a login that began with it can last, so that only one of several can end. */
  readonly expires_at: number;
  /** ms: when a login that began with it ended. */
  readonly used_at?: number;
}

export const pushedRequestsCollection = collection<StoredRequest>({
  name: 'pushed_authorization_requests',
  key: 'id',
  index: {},
  expires: 'expires_at',
});

const LONGEST_LOGIN = 3_660_000;

function pushedRequestsOf(ctx: Context): Collection<StoredRequest> {
  return ctx.store.collection(pushedRequestsCollection);
}

const sealContext = (ctx: Context, id: string) => `${ctx.tenant.id}:pushed_authorization_requests:${id}:request`;

/** Keeps a request of `clientId` for `lifetime` seconds. Answers its `request_uri`. */
export async function keepPushedRequest(
  ctx: Context,
  clientId: string,
  request: PushedRequest,
  lifetime: number,
): Promise<string> {
  const uri = `${REQUEST_URI_PREFIX}${randomToken(ctx.random, 48)}`;
  const id = hashToken(uri);
  const usable_until = ctx.clock.now() + lifetime * 1000;
  await pushedRequestsOf(ctx).insert({
    id,
    client_id: clientId,
    request_sealed: ctx.sealer.seal(JSON.stringify(request), sealContext(ctx, id)),
    usable_until,
    expires_at: usable_until + LONGEST_LOGIN,
  });
  return uri;
}

/** The request behind `uri`, if it is this client's and a login may still begin with it. WireError 400 invalid_request_uri otherwise. */
export async function findPushedRequest(
  ctx: Context,
  clientId: string,
  uri: string,
): Promise<PushedRequest & { readonly id: string }> {
  const id = hashToken(uri);
  const found = await pushedRequestsOf(ctx).get(id);
  const isUsable = found?.client_id === clientId && found.used_at === undefined && found.usable_until > ctx.clock.now();
  if (!isUsable) throw invalidRequestUri(clientId);
  return { id, ...(JSON.parse(ctx.sealer.open(found.request_sealed, sealContext(ctx, id))) as PushedRequest) };
}

/**
 * Uses a request up, as its login ends: the user may reload the page until then (RFC 9126 §4), but of all the logins that began with it one
 * ends. To be called inside the transaction that stores what the login ends in. WireError as above for the others.
 */
export async function spendPushedRequest(ctx: Context, clientId: string, id: string): Promise<void> {
  const spent = await pushedRequestsOf(ctx).update(id, (request) => {
    if (request.used_at !== undefined) throw invalidRequestUri(clientId);
    return { ...request, used_at: ctx.clock.now() };
  });
  if (!spent) throw invalidRequestUri(clientId);
}

function invalidRequestUri(client_id: string): WireError {
  const description = 'The request_uri is invalid, has expired or was used already';
  return oauthError(400, 'invalid_request_uri', description, { extra: { client_id } });
}
