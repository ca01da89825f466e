/** What a client is to be after a write, by Auth0's rules of merging; written apart from the server, to hold it against them. */
import type { Body } from './client-bodies.ts';

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const withoutNulls = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

/** Objects whose members stay where a change does not name them. */
const MERGED = ['jwt_configuration', 'mobile', 'session_transfer'];
/** Objects that the server completes: what was sent must be in them. */
export const COMPLETED = ['jwt_configuration', 'session_transfer', 'refresh_token'];
/** Members that follow from others, or that nobody reads twice alike. */
export const DERIVED = [
  ...['cross_origin_auth', 'signing_keys', 'encrypted', 'client_secret', 'oidc_logout', 'oidc_backchannel_logout'],
  ...['client_authentication_methods', 'signed_request_object', 'token_vault_privileged_access'],
];

function mergedMember(name: string, before: unknown, sent: unknown): unknown {
  if (name === 'native_social_login') {
    const kept = withoutNulls({ ...(isObject(before) ? before : {}), ...(sent as Members) });
    return Object.keys(kept).length > 0 ? kept : undefined;
  }
  if (name === 'client_metadata') return withoutNulls({ ...(isObject(before) ? before : {}), ...(sent as Members) });
  if (name === 'addons') return withoutNulls(sent as Members);
  if (MERGED.includes(name) && isObject(before)) return { ...before, ...(sent as Members) };
  return sent;
}

/** `before` as `sent` makes it. */
export function mergedClient(before: Body, sent: Body): Body {
  const merged: Members = { ...before };
  for (const [name, value] of Object.entries(sent)) {
    if (value === null || (name === 'initiate_login_uri' && value === '')) delete merged[name];
    else merged[name] = mergedMember(name, before[name], value);
    if (merged[name] === undefined) delete merged[name];
  }
  return merged;
}
