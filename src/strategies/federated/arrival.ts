import type { Context } from '../../kernel/index.ts';
import {
  acceptIdToken,
  fetchUpstreamJson,
  redeemCode,
  type UpstreamClaims,
  type UpstreamTokens,
  UpstreamTrouble,
} from '../../platform/upstream/index.ts';
import { type Connection, type FederatedRules, federatedRules } from '../../resources/connections/index.ts';
import type { FederatedArrival } from '../../resources/users/index.ts';
import { githubEmail } from './github-email.ts';
import { type Proof, profileFrom, subjectOf } from './profile.ts';
import { providerOf, type ResolvedProvider } from './provider.ts';
import { codeVerifier, type UpstreamLogin } from './upstream-login.store.ts';

/** Parameters of the answer, as they came. */
export type ProviderAnswer = Readonly<Record<string, string | undefined>>;

/**
 * Checks the answer of a provider to `login`, and asks it who came. Everything that the provider signed or said is held against what was
 * asked; only then it is somebody. Throws UpstreamTrouble.
 */
export async function acceptAnswer(
  ctx: Context,
  connection: Connection,
  login: UpstreamLogin,
  answer: ProviderAnswer,
): Promise<Accepted> {
  const rules = federatedRules(connection);
  const provider = await providerOf(ctx, connection);
  const proof = await proveAnswer(ctx, { rules, provider, login }, answer);
  const id = subjectOf(rules, connection.options, proof);
  return {
    connection,
    id,
    profile: profileFrom(rules, connection.options, proof),
    ...(proof.tokens ? { tokens: proof.tokens } : {}),
    ...(proof.id_token === undefined ? {} : { id_token: proof.id_token }),
  };
}

type Accepted = Omit<FederatedArrival, 'tokens'> & Pick<Proof, 'tokens' | 'id_token'>;

interface Question {
  readonly rules: FederatedRules;
  readonly provider: ResolvedProvider;
  readonly login: UpstreamLogin;
}

async function proveAnswer(ctx: Context, { rules, provider, login }: Question, answer: ProviderAnswer): Promise<Proof> {
  const parameters = parametersOf(provider, answer);
  const code_verifier = codeVerifier(ctx, login);
  const expected = {
    redirect_uri: login.redirect_uri,
    state: answer.state ?? '',
    ...(login.max_age === undefined ? {} : { max_age: login.max_age }),
    ...(code_verifier === undefined ? {} : { code_verifier }),
  };
  if (rules.frontChannel) {
    const claims = await acceptIdToken(ctx, provider, parameters, { ...expected, nonce: login.nonce ?? '' });
    return { claims, userinfo: {}, ...(answer.id_token ? { id_token: answer.id_token } : {}) };
  }
  const nonce = login.nonce === undefined ? {} : { nonce: login.nonce };
  const tokens = await redeemCode(ctx, provider, parameters, { ...expected, ...nonce });
  const claims = tokens.claims ?? {};
  const { id_token, ...kept } = tokens;
  const userinfo = await askWho(ctx, { rules, provider, login }, tokens);
  return { claims, userinfo, tokens: kept, ...(id_token ? { id_token } : {}) };
}

/** RFC 9207 §2.4. A plain OAuth 2.0 server has no issuer in its options: it is held to the host that logins are sent to. */
function parametersOf(provider: ResolvedProvider, answer: ProviderAnswer): URLSearchParams {
  const sent = Object.entries(answer).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const parameters = new URLSearchParams(sent);
  if (provider.protocol === 'oidc' || answer.iss === undefined) return parameters;
  if (URL.parse(answer.iss)?.origin !== provider.issuer)
    throw new UpstreamTrouble('invalid', 'the answer is of another authorization server');
  parameters.delete('iss');
  return parameters;
}

async function askWho(ctx: Context, { rules, provider }: Question, tokens: UpstreamTokens): Promise<UpstreamClaims> {
  const { userinfo_endpoint } = provider;
  if (userinfo_endpoint === undefined) return {};
  const userinfo = (await fetchUpstreamJson(ctx, userinfo_endpoint, tokens.access_token)) as UpstreamClaims;
  // OpenID Connect Core §5.3.4: an access token of somebody else must not bring their profile in.
  if (tokens.claims && userinfo.sub !== tokens.claims.sub)
    throw new UpstreamTrouble('invalid', 'the profile is of somebody else than the ID token');
  const { social } = rules;
  if (social?.emails_endpoint === undefined || !rules.scope.some((one) => one === 'user:email' || one === 'user'))
    return userinfo;
  const emails = await fetchUpstreamJson(ctx, social.emails_endpoint, tokens.access_token);
  return { ...userinfo, ...githubEmail(emails) };
}
