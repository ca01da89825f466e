import { type ClientBody, completeRefreshToken, completeSessionTransfer } from './client.defaults.ts';
import type { Client } from './client.ts';
import { withoutConfidentialGrants } from './grant-types.ts';

/** What a caller may send to change a client: any property, `null` to remove it. */
export type ClientChange = { readonly [K in keyof ClientBody]?: ClientBody[K] | null };

type Members = Readonly<Record<string, unknown>>;

/** Members whose own members stay when they are not sent. */
const MERGED = new Set(['jwt_configuration', 'mobile', 'session_transfer', 'signed_request_object']);
/** Members that the empty text removes. */
const REMOVED_WHEN_EMPTY = new Set(['initiate_login_uri']);

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withoutNulls = (members: Members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

/** Native social login, from which a provider is taken away by `null`; undefined where none is left. */
function mergedProviders(before: unknown, sent: Members): Members | undefined {
  const kept = withoutNulls({ ...(isMembers(before) ? before : {}), ...sent });
  return Object.keys(kept).length > 0 ? kept : undefined;
}

function changeMember(name: string, before: unknown, sent: unknown): unknown {
  if (name === 'native_social_login') return mergedProviders(before, sent as Members);
  if (name === 'client_metadata') return withoutNulls({ ...(isMembers(before) ? before : {}), ...(sent as Members) });
  if (name === 'addons') return withoutNulls(sent as Members);
  if (MERGED.has(name) && isMembers(before) && isMembers(sent)) return { ...before, ...sent };
  return sent;
}

/**
 * `oidc_logout` and its older name say the same; whichever was sent decides. Auth0: the newer brings the URLs along by the older name,
 * the older brings nothing.
 */
function alignLogout(changed: Record<string, unknown>, change: ClientChange): void {
  const [newer, older] = ['oidc_logout', 'oidc_backchannel_logout'] as const;
  const sent = newer in change ? newer : older;
  if (!(sent in change)) return;
  const settings = changed[sent] as Members | undefined;
  if (!settings) {
    delete changed[newer];
    delete changed[older];
    return;
  }
  if (sent === older && !changed[newer]) return;
  changed[newer] = settings;
  changed[older] = { backchannel_logout_urls: settings.backchannel_logout_urls ?? [] };
}

/** Auth0: a client that stops proving who it is loses the grants that need it. A change that names them itself must name them rightly. */
function changesToPublic(change: ClientChange): boolean {
  return change.token_endpoint_auth_method === 'none' && change.grant_types === undefined;
}

/**
 * `client` as `change` makes it (Auth0's merge rules): objects of settings are merged, metadata by its first level, all else is
 * replaced; `null` removes.
 */
export function applyClientChange<C extends Partial<Client>>(client: C, change: ClientChange): C {
  const changed: Record<string, unknown> = { ...client };
  for (const [name, sent] of Object.entries(change)) {
    const isRemoved = sent === null || (sent === '' && REMOVED_WHEN_EMPTY.has(name));
    changed[name] = isRemoved ? undefined : changeMember(name, changed[name], sent);
    if (changed[name] === undefined) delete changed[name];
  }
  alignLogout(changed, change);
  const result = changed as Partial<Client>;
  if (change.refresh_token && result.refresh_token) result.refresh_token = completeRefreshToken(result.refresh_token);
  if (changesToPublic(change)) Object.assign(changed, withoutConfidentialGrants(result));
  if (change.session_transfer) result.session_transfer = completeSessionTransfer(result.session_transfer);
  return changed as C;
}
