import { type UpstreamClaims, type UpstreamTokens, UpstreamTrouble } from '../../platform/upstream/index.ts';
import type { Connection, FederatedRules } from '../../resources/connections/index.ts';
import { isEmail, type User } from '../../resources/users/index.ts';
import { applyAttributeMap, memberAt } from './attribute-map.ts';

type Options = Connection['options'];

/** What is known of whoever came. */
export interface Proof {
  /** Of the ID token; empty where there is none. */
  readonly claims: UpstreamClaims;
  /** Of the provider's API. */
  readonly userinfo: UpstreamClaims;
  readonly tokens?: UpstreamTokens;
  /** Checked: to log out of the provider by it. */
  readonly id_token?: string;
}

/** The id of whoever came, at the provider: what accounts are known by. Throws UpstreamTrouble where there is none that could be. */
export function subjectOf({ strategy, social }: FederatedRules, options: Options, { claims, userinfo }: Proof): string {
  const fields = social?.fields ?? (options.fieldsMap as Record<string, string> | undefined);
  const named = fields?.user_id === undefined ? undefined : memberAt(userinfo, fields.user_id);
  const found = strategy.protocol === 'oidc' ? claims.sub : (named ?? userinfo.sub ?? userinfo.id);
  const id = typeof found === 'number' && Number.isSafeInteger(found) ? String(found) : found;
  // A text that can stand in a user_id, whole and visible.
  if (typeof id === 'string' && /^[\x21-\x7e]{1,255}$/.test(id)) return id;
  throw new UpstreamTrouble('invalid', 'the identity provider did not say who came');
}

/** The members of a user that the provider's claims come to. */
export function profileFrom(rules: FederatedRules, options: Options, proof: Proof): Partial<User> {
  return clean(mapped(rules, options, proof));
}

function mapped({ strategy, social }: FederatedRules, options: Options, { claims, userinfo }: Proof): UpstreamClaims {
  // What is signed comes before what is said.
  const all = { ...userinfo, ...claims };
  if (strategy.protocol === 'oauth2') {
    const fields = social?.fields ?? (options.fieldsMap as Record<string, string> | undefined) ?? {};
    const renamed = Object.entries(fields).map(([name, path]) => [name, memberAt(all, path)]);
    const found = Object.fromEntries(renamed.filter(([, value]) => value !== undefined && value !== null));
    return social ? { ...basicProfile(all), ...found } : { ...all, ...found };
  }
  const map = (options.attribute_map ?? {}) as { mapping_mode?: string; attributes?: Record<string, unknown> };
  if (map.mapping_mode === 'use_map') return applyAttributeMap(map.attributes ?? {}, { tokenset: claims, userinfo });
  return map.mapping_mode === 'bind_all' ? all : basicProfile(all);
}

const BASIC = [
  ...['name', 'nickname', 'given_name', 'family_name', 'picture', 'email', 'email_verified', 'locale'],
  ...['preferred_username', 'middle_name', 'profile', 'website', 'gender', 'birthdate', 'zoneinfo'],
];

function basicProfile(all: UpstreamClaims): UpstreamClaims {
  return Object.fromEntries(Object.entries(all).filter(([name]) => BASIC.includes(name)));
}

/** About the token, and not about the person. */
const PROTOCOL = [
  ...['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'azp', 'auth_time', 'acr', 'amr', 'sid', 'typ'],
  ...['at_hash', 'c_hash', 's_hash', 'id'],
];
/** What this server says of a user: no provider may, whatever it calls its claims. */
const OURS = [
  ...['user_id', 'identities', 'app_metadata', 'user_metadata', 'blocked', 'created_at', 'updated_at', 'last_login'],
  ...['last_ip', 'logins_count', 'last_password_reset', 'multifactor', 'username', 'password', 'phone_number'],
  ...['phone_verified', 'phone_number_verified', 'guardian_authenticators', '__proto__', 'constructor', 'prototype'],
];
const NEVER: ReadonlySet<string> = new Set([...PROTOCOL, ...OURS]);
const TEXTS = ['name', 'nickname', 'given_name', 'family_name', 'picture'];
const LONGEST = 300;

/** Claims as members of a user: what is ours left out, what everybody reads as text made text. */
function clean(claims: UpstreamClaims): Partial<User> {
  const kept = Object.entries(claims).filter(
    ([name, value]) =>
      !NEVER.has(name) && value !== null && value !== undefined && name !== 'email' && name !== 'email_verified',
  );
  const typed = kept.filter(([name, value]) => !TEXTS.includes(name) || isShortText(name, value));
  return { ...(Object.fromEntries(typed) as Partial<User>), ...emailOf(claims) };
}

function isShortText(name: string, value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= (name === 'picture' ? 2048 : LONGEST);
}

/** An address is verified where the provider says so, and only then. */
function emailOf({ email, email_verified }: UpstreamClaims): Partial<User> {
  if (typeof email !== 'string' || !isEmail(email.trim())) return {};
  return { email: email.trim().toLowerCase(), email_verified: email_verified === true || email_verified === 'true' };
}
