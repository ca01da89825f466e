/** A tenant whose clients are made and changed as an operator does it, and somebody who logs in to them. */
import assert from 'node:assert/strict';
import { connectionsOf, findConnectionByName } from '../../src/resources/connections/index.ts';
import type { User } from '../../src/resources/users/index.ts';
import { type Arrival, asArrival, authorizeUrl, Browser, type Page } from '../browser.ts';
import { addPerson, CONNECTION, PASSWORD } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { type Answer, type TestServer, type TestServerOptions, testServer } from '../server.ts';

const SCOPES =
  'create:clients read:clients update:clients delete:clients read:client_keys update:client_keys ' +
  'create:client_credentials read:client_credentials update:client_credentials delete:client_credentials ' +
  'create:client_grants create:resource_servers create:organizations create:connection_profiles create:user_attribute_profiles ' +
  'update:client_token_vault_privileged_access ' +
  'read:connections update:connections';

/** What a client of these tests is unless it says otherwise. */
const USUAL = {
  name: 'Travel Desk',
  app_type: 'regular_web',
  oidc_conformant: true,
  token_endpoint_auth_method: 'client_secret_post',
  callbacks: ['https://app.test/callback'],
};

/** A client as it was answered; its credentials go into a form. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into properties of every kind
export type Made = { readonly client_id: string; readonly client_secret: string } & Record<string, any>;

export interface ClientHouse {
  readonly server: TestServer;
  readonly user: User;
  /** A Management API call with every scope about clients. */
  manage(method: string, path: string, json?: unknown): Promise<Answer>;
  /** Makes a client of `body` and the usual, whose users come from the tenant's database. */
  create(body?: object): Promise<Made>;
  /** Changes a client; the change must be accepted. Answers the client. */
  change(client: Pick<Made, 'client_id'>, body: object): Promise<Made>;
  read(client: Pick<Made, 'client_id'>): Promise<Made>;
  /** Begins a login. */
  begin(client: Pick<Made, 'client_id'>, parameters?: Parameters, browser?: Browser): Promise<Page | Arrival>;
  /** Logs the user in, whatever is asked on the way, and answers how the application was answered. */
  logIn(client: Pick<Made, 'client_id'>, parameters?: Parameters, browser?: Browser): Promise<Arrival>;
  /** Logs the user in and exchanges the code. */
  tokens(client: Made, parameters?: Parameters, browser?: Browser): Promise<Answer>;
  /** `POST /oauth/token` with the client's credentials. */
  exchange(client: Made, form: Record<string, string | undefined>): Promise<Answer>;
  close(): Promise<void>;
}

type Parameters = Record<string, string | undefined>;

/** What proves who a client is, in a form. */
export function credentialsOf({ client_id, client_secret }: Made): { client_id: string; client_secret: string } {
  return { client_id, client_secret };
}

async function enableDatabase(server: TestServer, clientId: string): Promise<void> {
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  const enabled_clients = [...(connection.enabled_clients ?? []), clientId];
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients });
}

export async function clientHouse(options: TestServerOptions = {}): Promise<ClientHouse> {
  const server = await testServer(options);
  const bearer = await managementToken(server, SCOPES.split(' '));
  const user = await addPerson(server.ctx);
  const manage: ClientHouse['manage'] = (method, path, json) =>
    server.request(method, `/api/v2/${path}`, { bearer, ...(json === undefined ? {} : { json }) });
  const accepted = async (answer: Promise<Answer>, status: number): Promise<Made> => {
    const { status: got, text, json } = await answer;
    assert.equal(got, status, text);
    return json;
  };
  const house: ClientHouse = {
    server,
    user,
    manage,
    async create(body = {}) {
      const made = await accepted(manage('POST', 'clients', { ...USUAL, ...body }), 201);
      await enableDatabase(server, made.client_id);
      return made;
    },
    change: ({ client_id }, body) => accepted(manage('PATCH', `clients/${client_id}`, body), 200),
    read: ({ client_id }) => accepted(manage('GET', `clients/${client_id}`), 200),
    begin: ({ client_id }, parameters = {}, browser = new Browser(server)) =>
      browser.open(authorizeUrl({ client_id, ...parameters })),
    async logIn(client, parameters, browser = new Browser(server)) {
      let reached = await house.begin(client, parameters, browser);
      for (let pages = 0; 'html' in reached && pages < 5; pages++) {
        const values = { username: user.email ?? '', password: PASSWORD, action: 'default' };
        const isQuestion = !/type="password"/.test(reached.html);
        reached = await browser.submit(reached, isQuestion ? { action: 'accept' } : values);
      }
      return asArrival(reached);
    },
    async tokens(client, parameters = {}, browser) {
      const { parameters: arrived } = await house.logIn(client, parameters, browser);
      const redirect_uri = parameters.redirect_uri ?? 'https://app.test/callback';
      return house.exchange(client, { grant_type: 'authorization_code', code: arrived.code, redirect_uri });
    },
    exchange: (client, form) => server.post('/oauth/token', { form: { ...credentialsOf(client), ...form } }),
    close: () => server.close(),
  };
  return house;
}
