import { createHash } from 'node:crypto';
import type { Context } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type Connection, type FederatedRules, federatedRules } from '../../resources/connections/index.ts';
import { type AuthorizationRequest, askedOf, RESUME, refuseTransaction } from '../../transactions/index.ts';
import { providerOf, type ResolvedProvider } from './provider.ts';
import { orRefusal } from './refusal.ts';
import { sealFor, upstreamLoginsOf } from './upstream-login.store.ts';

/** As long as the login that it belongs to. */
const LIFETIME = 3_600_000;

/** A login that goes to an identity provider. */
interface Departure {
  /** The `state` of the login's pages. */
  readonly transaction: string;
  /** What `/authorize` was asked, as texts: what of it the provider is told depends on the connection. */
  readonly asked: Readonly<Record<string, string | undefined>>;
}

/**
 * Where a login goes that wants `connection` to prove who somebody is: to the provider; or, where that cannot be, on to telling the
 * application. `state` is that of the login's pages.
 */
export async function leadToProvider(
  ctx: Context,
  connection: Connection,
  login: { readonly state: string; readonly request: AuthorizationRequest },
): Promise<string> {
  const departure = { transaction: login.state, asked: askedOf(login.request) };
  const away = await orRefusal(departToProvider(ctx, connection, departure));
  if (typeof away === 'string') return away;
  await refuseTransaction(ctx, login.state, { refusal: away.refusal, connection: connection.name });
  return `${RESUME}?state=${encodeURIComponent(login.state)}`;
}

/**
 * Notes that a login goes to the provider of `connection`, and answers the address to send the browser to: with a state and, where
 * they apply, a nonce and a PKCE challenge that are this departure's own. Throws UpstreamTrouble; then nothing was noted.
 */
async function departToProvider(ctx: Context, connection: Connection, departure: Departure): Promise<string> {
  const rules = federatedRules(connection);
  const provider = await providerOf(ctx, connection);
  const state = randomToken(ctx.random);
  const nonce = rules.frontChannel || rules.sendsNonce ? randomToken(ctx.random) : undefined;
  const verifier = randomToken(ctx.random);
  const challenge = challengeFor(rules, provider, verifier);
  const redirect_uri = `${ctx.issuer}login/callback`;
  const url = new URL(provider.authorization_endpoint);
  const own = { client_id: provider.client_id, redirect_uri, state, ...(nonce ? { nonce } : {}), ...challenge };
  const parameters = { ...parametersFor(connection, rules, departure.asked), ...responseOf(rules), ...own };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const id = hashToken(state);
  const max_age = url.searchParams.get('max_age');
  await upstreamLoginsOf(ctx).insert({
    id,
    connection_id: connection.id,
    transaction_sealed: sealFor(ctx, id, 'transaction', departure.transaction),
    redirect_uri,
    ...(nonce ? { nonce } : {}),
    ...(challenge ? { code_verifier_sealed: sealFor(ctx, id, 'code_verifier', verifier) } : {}),
    ...(max_age !== null && /^\d{1,10}$/.test(max_age) ? { max_age: Number(max_age) } : {}),
    expires_at: ctx.clock.now() + LIFETIME,
  });
  return url.href.replaceAll('+', '%20');
}

function responseOf({ frontChannel }: FederatedRules): Readonly<Record<string, string>> {
  return frontChannel ? { response_type: 'id_token', response_mode: 'form_post' } : { response_type: 'code' };
}

/** RFC 7636 §4.2; `auto` takes the strongest that the provider has, and S256 where it does not say. */
function challengeFor(
  { pkce, frontChannel }: FederatedRules,
  { challengeMethods = ['S256'] }: ResolvedProvider,
  verifier: string,
): Readonly<Record<string, string>> | undefined {
  if (frontChannel || pkce === 'disabled') return undefined;
  const method = pkce === 'auto' ? ['S256', 'plain'].find((name) => challengeMethods.includes(name)) : pkce;
  if (method === undefined) return undefined;
  const isPlain = method === 'plain';
  const code_challenge = isPlain ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return { code_challenge, code_challenge_method: method };
}

function parametersFor(
  connection: Connection,
  rules: FederatedRules,
  asked: Departure['asked'],
): Readonly<Record<string, string>> {
  const { options } = connection;
  const standard = { ...scopeParameter(rules, asked.connection_scope), ...handedOn(rules, options, asked) };
  const fixed = (options.authParams ?? {}) as Record<string, string>;
  const renamed = Object.entries((options.authParamsMap ?? {}) as Record<string, string>).map(
    ([from, to]) => [to, asked[from]] as const,
  );
  const configured = Object.entries((options.upstream_params ?? {}) as Record<string, UpstreamRule | null>).map(
    ([name, rule]) => [name, rule?.alias === undefined ? rule?.value : asked[rule.alias]] as const,
  );
  const all = [...Object.entries(standard), ...Object.entries(fixed), ...renamed, ...configured];
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

interface UpstreamRule {
  readonly alias?: string;
  readonly value?: string;
}

/** What the connection asks for, and what the application asks for besides (`connection_scope`). */
function scopeParameter(rules: FederatedRules, more = ''): { scope?: string } {
  const scope = [...new Set([...rules.scope, ...more.split(/[ ,]+/).filter(Boolean)])];
  return scope.length > 0 ? { scope: scope.join(rules.scopeSeparator) } : {};
}

/** What an OpenID provider must know to do for us what we were asked to do: whom, and whether anew. */
function handedOn(rules: FederatedRules, options: Connection['options'], asked: Departure['asked']) {
  const { social, strategy } = rules;
  const prompts = (asked.prompt ?? '')
    .split(' ')
    .filter((one) => one === 'select_account' || (one === 'login' && !social));
  const passed = (social?.passes ?? []).map((name) => [name, asked[name]]);
  if (strategy.protocol === 'oauth2') return Object.fromEntries(passed) as Record<string, string | undefined>;
  return {
    login_hint: asked.login_hint,
    prompt: prompts.length > 0 ? prompts.join(' ') : undefined,
    max_age: social ? undefined : asked.max_age,
    access_type: social && options.offline_access === true ? 'offline' : undefined,
    ...(Object.fromEntries(passed.filter(([, value]) => value !== undefined)) as Record<string, string>),
  };
}
