/** A tenant with a profile for JWTs of somebody else's server, and a client that may exchange them. */
import assert from 'node:assert/strict';
import { type Client, clientsOf, type StoredClient } from '../src/resources/clients/index.ts';
import type { Connection } from '../src/resources/connections/index.ts';
import {
  createTokenExchangeProfile,
  type SubjectTokenVerifier,
  tokenExchangeProfilesOf,
} from '../src/resources/token-exchange-profiles/index.ts';
import { type User, usersOf } from '../src/resources/users/index.ts';
import { foreignKey, foreignToken } from './foreign-issuer.ts';
import { type Answer, type TestServer, testServer } from './server.ts';
import {
  addApi,
  addClient,
  addDatabase,
  addUser,
  type Credentials,
  countRefreshTokens,
  refusalOf,
} from './token-fixture.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
export const TYPE = 'urn:acme:token';
/** Lets a client exchange tokens under profiles. */
export const CUSTOM = { token_exchange: { allow_any_profile_of_type: ['custom_authentication'] } } as Partial<Client>;

/** The issuer's key, and how a profile checks what it signs. */
export const key = foreignKey('k1');
export const VERIFIER = { issuer: 'https://idp.test/', audience: 'urn:us', public_key: key.publicPem };

export interface ExchangeTenant {
  readonly server: TestServer;
  readonly client: Credentials;
  readonly connection: Connection;
  readonly user: User;
  /** The claims of a subject token for `user`. */
  claims(changes?: object): Record<string, unknown>;
  /** The token itself. */
  subject(changes?: object): Promise<string>;
  /** Exchanges one, from a fresh address each time, so that wrong tokens of one test do not throttle the next. */
  exchange(changes?: Partial<Record<string, string>>, ip?: string): Promise<Answer>;
  /** Replaces the profile of `type`. */
  useVerifier(verifier: Partial<SubjectTokenVerifier>, type?: string): Promise<void>;
  /** Notes what a refusal must leave as it is. */
  remember(): Promise<void>;
  /** The answer is this refusal, and there is no login, no user and no refresh token more than were remembered. */
  assertRefused(answer: Answer, expected: readonly unknown[], label?: string): Promise<void>;
}

export async function exchangeTenant(environment: Record<string, string> = {}): Promise<ExchangeTenant> {
  const server = await testServer({ environment });
  const { ctx } = server;
  const client = await addClient(ctx, CUSTOM);
  const connection = await addDatabase(ctx, 'db', [client.client_id]);
  const user = await addUser(ctx, connection);
  await addApi(ctx, { skip_consent_for_verifiable_first_party_clients: true });
  const seconds = () => Math.floor(ctx.clock.now() / 1000);
  const claims = (changes: object = {}) => ({
    iss: VERIFIER.issuer,
    aud: VERIFIER.audience,
    sub: user.user_id,
    iat: seconds(),
    exp: seconds() + 300,
    ...changes,
  });
  const subject = (changes: object = {}) => foreignToken(key, claims(changes));
  const counted = async () => [
    (await usersOf(ctx).get(user.user_id))?.logins_count,
    await usersOf(ctx).count(),
    await countRefreshTokens(ctx),
  ];
  let remembered: unknown;
  let address = 0;
  return {
    server,
    client,
    connection,
    user,
    claims,
    subject,
    async exchange(changes = {}, ip = `198.51.100.${++address % 250}`) {
      const own = { grant_type: TOKEN_EXCHANGE, ...client, subject_token_type: TYPE, subject_token: await subject() };
      const form = { ...own, ...changes };
      const trusted = { is_token_endpoint_ip_header_trusted: true };
      await clientsOf(ctx).update(form.client_id, (stored) => ({ ...stored, ...trusted }) as StoredClient);
      return server.post('/oauth/token', { form, headers: { 'auth0-forwarded-for': ip } });
    },
    useVerifier: (verifier, type = TYPE) => useVerifier(server, verifier, type),
    remember: async () => {
      remembered = await counted();
    },
    async assertRefused(answer, expected, label = '') {
      assert.deepEqual(refusalOf(answer), expected, label);
      assert.deepEqual(await counted(), remembered, label);
    },
  };
}

async function useVerifier({ ctx }: TestServer, verifier: Partial<SubjectTokenVerifier>, type: string): Promise<void> {
  const before = await tokenExchangeProfilesOf(ctx).find({ subject_token_type: type });
  if (before) await tokenExchangeProfilesOf(ctx).delete(before.id);
  await createTokenExchangeProfile(ctx, {
    name: 'Partner',
    type: 'custom_authentication',
    subject_token_type: type,
    subject_token_verifier: verifier as never,
  });
}
