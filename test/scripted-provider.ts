/** An identity provider that does as it is told: what an honest one answers, and whatever a dishonest one might. Reached in this process. */
import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { OutboundRequest, OutboundResponse } from '../src/kernel/index.ts';
import type { GuardedOutbound } from '../src/platform/outbound/index.ts';

type Members = Record<string, unknown>;

/** What the browser brought to the provider. */
export interface Arrived {
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Scripted {
  readonly status: number;
  readonly body: unknown;
}

export interface ScriptedProvider {
  /** `https://idp.test` */
  readonly issuer: string;
  readonly outbound: GuardedOutbound;
  /** Every request that this server made, as `METHOD path`. */
  readonly requests: string[];
  /** Headers of the last request to the token endpoint. */
  tokenHeaders: Readonly<Record<string, string>>;
  /** Forms that came to the token endpoint, newest last. */
  readonly exchanges: Record<string, string>[];
  /** Who logs in there, and what is said of them. */
  person: Members;
  /** What userinfo says, if not the same. */
  userinfo: unknown;
  /** Members that replace what the ID token would say. */
  claims: Members;
  /** Members that replace what the token endpoint would answer. */
  tokens: Members;
  /** Overrides answers by `METHOD path`; what answers undefined leaves it to the provider. */
  answers: Record<string, (request: OutboundRequest) => Scripted | undefined | Promise<Scripted | undefined>>;
  /** Other names of its places, as well-known providers have them: `METHOD path` → `METHOD path`. */
  aliases: Record<string, string>;
  /** Members that replace those of the discovery document. */
  metadata: Members;
  /** Signs with a key that is not in the key set. */
  forges: boolean;
  /** A new refresh token with every use; the old one ends. */
  rotates: boolean;
  /** The person agrees: where the provider sends the browser. */
  approve(address: string | URL, extra?: Record<string, string>): Promise<Arrived & { readonly back: string }>;
  /** The signed ID token that `address` asks for. */
  idToken(address: string | URL): Promise<string>;
}

const response = (status: number, body: unknown): OutboundResponse => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(text),
    text: () => text,
    json: () => JSON.parse(text),
  };
};

/** Is the code redeemed by whom, and in whose name, it was asked for? */
function belongsTo(code: Code, { code_verifier, redirect_uri, client_id }: Record<string, string>): boolean {
  if (code.redirect_uri !== redirect_uri || code.client_id !== client_id) return false;
  if (code.challenge === undefined) return code_verifier === undefined;
  const proof = createHash('sha256')
    .update(code_verifier ?? '')
    .digest('base64url');
  return code.challenge === proof;
}

interface Code {
  readonly nonce: string | undefined;
  readonly challenge: string | undefined;
  readonly client_id: string;
  readonly redirect_uri: string;
}

/** Makes one. `now` answers the time in ms; `issuer` is who it says it is. */
export async function scriptedProvider(now: () => number, issuer = 'https://idp.test'): Promise<ScriptedProvider> {
  const keys = await generateKeyPair('RS256');
  const forged = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const codes = new Map<string, Code>();
  const living = new Set<string>();
  let count = 0;

  const provider: ScriptedProvider = {
    issuer,
    requests: [],
    tokenHeaders: {},
    exchanges: [],
    person: { sub: 'ada-1', name: 'Ada Lovelace', email: 'ada@example.test', email_verified: true },
    userinfo: undefined,
    claims: {},
    tokens: {},
    answers: {},
    aliases: {},
    metadata: {},
    forges: false,
    rotates: false,
    outbound: {
      request: serve,
      texts: async () => [],
      resolve: () => Promise.reject(new Error('only HTTP')),
      close: async () => {},
    },
    async approve(address, extra = {}) {
      const url = new URL(address);
      const parameters = Object.fromEntries(url.searchParams);
      const code = `code-${++count}`;
      codes.set(code, {
        nonce: parameters.nonce,
        challenge: parameters.code_challenge,
        client_id: parameters.client_id ?? '',
        redirect_uri: parameters.redirect_uri ?? '',
      });
      const answer = new URLSearchParams({ code, state: parameters.state ?? '', ...extra });
      return { url, parameters, back: `${parameters.redirect_uri}?${answer}` };
    },
    idToken: (address) => {
      const { client_id = '', nonce } = Object.fromEntries(new URL(address).searchParams);
      return sign(client_id, nonce);
    },
  };

  function sign(audience: string, nonce: string | undefined): Promise<string> {
    const seconds = Math.floor(now() / 1000);
    const claims = {
      iss: issuer,
      aud: audience,
      iat: seconds,
      exp: seconds + 300,
      auth_time: seconds,
      ...(nonce ? { nonce } : {}),
      ...provider.person,
      ...provider.claims,
    };
    const key: CryptoKey = provider.forges ? forged.privateKey : keys.privateKey;
    return new SignJWT(JSON.parse(JSON.stringify(claims)) as Members)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(key);
  }

  async function exchange({ headers = {}, body }: OutboundRequest): Promise<OutboundResponse> {
    const form = Object.fromEntries(new URLSearchParams(String(body)));
    provider.exchanges.push(form);
    provider.tokenHeaders = headers;
    const refused = (error: string) => response(400, { error, error_description: `${error} at the provider` });
    if (form.grant_type === 'refresh_token') {
      if (!living.has(form.refresh_token ?? '')) return refused('invalid_grant');
      if (provider.rotates) living.delete(form.refresh_token ?? '');
      return response(200, grant(provider.rotates));
    }
    const code = codes.get(form.code ?? '');
    codes.delete(form.code ?? '');
    if (!code || !belongsTo(code, form)) return refused('invalid_grant');
    return response(200, { id_token: await sign(code.client_id, code.nonce), ...grant(true), ...provider.tokens });
  }

  function grant(withRefreshToken: boolean): Members {
    const refresh_token = `upstream-refresh-${++count}`;
    if (withRefreshToken) living.add(refresh_token);
    return {
      access_token: `upstream-access-${count}`,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid profile email',
      ...(withRefreshToken ? { refresh_token } : {}),
    };
  }

  async function serve(request: OutboundRequest): Promise<OutboundResponse> {
    const { pathname } = new URL(request.url);
    const named = `${request.method ?? 'GET'} ${pathname}`;
    provider.requests.push(named);
    const place = provider.aliases[named] ?? named;
    const scripted = await provider.answers[place]?.(request);
    if (scripted) return response(scripted.status, scripted.body);
    if (place === 'GET /.well-known/openid-configuration') return response(200, document());
    if (place === 'GET /jwks') return response(200, { keys: [jwk] });
    if (place === 'POST /token') return exchange(request);
    if (place === 'GET /userinfo') return response(200, provider.userinfo ?? provider.person);
    return response(404, {});
  }

  const document = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/logout`,
    id_token_signing_alg_values_supported: ['RS256', 'HS256'],
    ...provider.metadata,
  });

  return provider;
}
