/** A tenant with an application and connections to scripted providers, and a person at a browser. */
import assert from 'node:assert/strict';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { logsOf } from '../../src/resources/logs/index.ts';
import { type Arrival, authorizeUrl, Browser } from '../browser.ts';
import { managementToken } from '../management.ts';
import { type ScriptedProvider, scriptedProvider } from '../scripted-provider.ts';
import { START, type TestServer, testServer } from '../server.ts';
import { addClient, CALLBACK, type Credentials } from '../token-fixture.ts';

export interface House {
  readonly server: TestServer;
  readonly provider: ScriptedProvider;
  readonly client: Credentials;
  /** Calls the Management API with every scope that these tests need. */
  manage(method: string, path: string, json?: unknown): ReturnType<TestServer['request']>;
  /** Makes a connection that the application may use. */
  connect(name: string, body: Record<string, unknown>): Promise<Record<string, unknown> & { readonly id: string }>;
  /** `/authorize` in a new browser, which must be sent to the provider. */
  leave(parameters: Record<string, string>, browser?: Browser): Promise<{ browser: Browser; address: string }>;
  /** A whole login; answers where the browser ends up. */
  logIn(parameters: Record<string, string>, extra?: Record<string, string>): Promise<Arrival>;
  /** The tokens of an arrival. */
  redeem(arrival: Arrival): Promise<Record<string, string>>;
  /** Rows of the log of one type, newest last. */
  logged(type: string): Promise<readonly Record<string, unknown>[]>;
}

const SCOPES = [
  ...['create', 'read', 'update', 'delete'].flatMap((verb) => [`${verb}:connections`, `${verb}:users`]),
  ...['read:user_idp_tokens', 'read:federated_connections_tokens', 'delete:federated_connections_tokens'],
];

export async function openHouse(issuer: string): Promise<House> {
  let server: TestServer | undefined;
  const provider = await scriptedProvider(() => server?.clock.now() ?? START, issuer);
  server = await testServer({ outbound: provider.outbound });
  const client = await addClient(server.ctx, { allowed_logout_urls: ['https://app.test/bye'] });
  return furnish(server, provider, client);
}

function furnish(server: TestServer, provider: ScriptedProvider, client: Credentials): House {
  const manage: House['manage'] = async (method, path, json) =>
    server.request(method, path, {
      bearer: await managementToken(server, SCOPES),
      ...(json === undefined ? {} : { json }),
    });
  const leave: House['leave'] = async (parameters, browser = new Browser(server)) => {
    const away = await browser.openApp(authorizeUrl({ client_id: client.client_id, ...parameters }));
    assert.equal(away.url.origin, new URL(provider.issuer).origin, away.url.href);
    return { browser, address: away.url.href };
  };
  return {
    server,
    provider,
    client,
    manage,
    leave,
    async connect(name, body) {
      const answer = await manage('POST', '/api/v2/connections', {
        name,
        enabled_clients: [client.client_id],
        ...body,
      });
      assert.equal(answer.status, 201, answer.text);
      return answer.json;
    },
    async logIn(parameters, extra) {
      const { browser, address } = await leave(parameters);
      return browser.openApp((await provider.approve(address, extra)).back);
    },
    async redeem({ parameters }) {
      const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: CALLBACK, ...client };
      const answer = await server.post('/oauth/token', { form });
      assert.equal(answer.status, 200, answer.text);
      return answer.json;
    },
    logged: async (type) => {
      const rows = await logsOf(server.ctx).list();
      return rows.filter((row) => row.type === type) as unknown as Record<string, unknown>[];
    },
  };
}

/** Options of an `oidc` connection to `provider`, by discovery. */
export const oidcOptions = ({ issuer }: ScriptedProvider, more: Record<string, unknown> = {}) => ({
  type: 'back_channel',
  discovery_url: `${issuer}/.well-known/openid-configuration`,
  client_id: 'us',
  client_secret: 'our secret there',
  scope: 'openid profile email',
  ...more,
});

/** Changes the application as it is stored. */
export async function changeClient({ server, client }: House, changes: Record<string, unknown>): Promise<void> {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...changes }) as typeof stored);
}
