import type { TokenEndpointResponse } from 'openid-client';
import { conversing, type Wire } from './configuration.ts';
import type { Provider } from './provider.ts';
import type { UpstreamClaims } from './resource.ts';

/** What a provider gave out. */
export interface UpstreamTokens {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  /** Seconds. */
  readonly expires_in?: number;
  readonly scope?: string;
  /** Of the ID token, once everything about it was checked. */
  readonly claims?: UpstreamClaims;
}

/** What the request said, against which its answer is checked. */
export interface AnswerExpectation {
  readonly redirect_uri: string;
  readonly state: string;
  /** Absent: none was sent. */
  readonly nonce?: string;
  readonly code_verifier?: string;
  /** Seconds: how long ago the user may have proved who they are. */
  readonly max_age?: number;
}

/**
 * Checks an authorization response and exchanges its code. The ID token of an OpenID provider is verified whole: signature, `iss`,
 * `aud`, `azp`, `exp`, `nonce`, `auth_time` where `max_age` was asked for.
 *
 * @param parameters as they came, repeated ones included
 * @throws UpstreamTrouble
 */
export function redeemCode(
  ctx: Wire,
  provider: Provider,
  parameters: URLSearchParams,
  expected: AnswerExpectation,
): Promise<UpstreamTokens> {
  return conversing(ctx, provider, async ({ library, config }) => {
    const answer = new URL(expected.redirect_uri);
    answer.search = parameters.toString();
    const tokens = await library.authorizationCodeGrant(config, answer, {
      expectedState: expected.state,
      ...(expected.nonce === undefined ? {} : { expectedNonce: expected.nonce }),
      ...(expected.code_verifier === undefined ? {} : { pkceCodeVerifier: expected.code_verifier }),
      ...(expected.max_age === undefined ? {} : { maxAge: expected.max_age }),
      idTokenExpected: provider.protocol === 'oidc',
    });
    return tokensOf(tokens, tokens.claims());
  });
}

/** The verified claims of an ID token that came by the browser (OpenID Connect Core §3.2.2, by form post). Throws UpstreamTrouble. */
export function acceptIdToken(
  ctx: Wire,
  provider: Provider,
  parameters: URLSearchParams,
  expected: AnswerExpectation & { readonly nonce: string },
): Promise<UpstreamClaims> {
  return conversing(ctx, provider, async ({ library, config }) => {
    library.useIdTokenResponseType(config);
    const answer = new URL(expected.redirect_uri);
    answer.hash = parameters.toString();
    return library.implicitAuthentication(config, answer, expected.nonce, {
      expectedState: expected.state,
      ...(expected.max_age === undefined ? {} : { maxAge: expected.max_age }),
    });
  });
}

/** RFC 6749 §6: new tokens for a refresh token. Throws UpstreamTrouble. */
export function refreshAtProvider(ctx: Wire, provider: Provider, refreshToken: string): Promise<UpstreamTokens> {
  return conversing(ctx, provider, async ({ library, config }) => {
    const tokens = await library.refreshTokenGrant(config, refreshToken);
    return tokensOf(tokens, tokens.claims());
  });
}

function tokensOf(answer: TokenEndpointResponse, claims: UpstreamClaims | undefined): UpstreamTokens {
  const { access_token, refresh_token, id_token, expires_in, scope } = answer;
  return {
    access_token,
    ...(refresh_token ? { refresh_token } : {}),
    ...(id_token ? { id_token } : {}),
    ...(expires_in === undefined ? {} : { expires_in }),
    ...(scope === undefined ? {} : { scope }),
    ...(claims ? { claims } : {}),
  };
}
