/** A tenant whose applications hear of the end of sessions, and somebody who logs in to them. */
import { decodeJwt, type JWTPayload } from 'jose';
import type { BackchannelLogoutSettings } from '../src/resources/clients/client.ts';
import { logsOf } from '../src/resources/logs/index.ts';
import { outgoingMessagesOf } from '../src/resources/outgoing-messages/outgoing-message.store.ts';
import type { User } from '../src/resources/users/index.ts';
import { authorizeUrl, type Browser } from './browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from './fixtures.ts';
import { type LogoutReceiver, logoutReceiver } from './logout-receiver.ts';
import { managementToken } from './management.ts';
import { type Answer, type TestServer, testServer } from './server.ts';

const SCOPES =
  'delete:sessions update:sessions update:users delete:users delete:authentication_methods delete:refresh_tokens ' +
  'update:clients read:clients';

/** Settings of an application that wants to know of every end. */
export const everything = (url: string): BackchannelLogoutSettings => ({
  backchannel_logout_urls: [url],
  backchannel_logout_initiators: { mode: 'all' },
});

export interface LogoutHouse {
  readonly server: TestServer;
  readonly receiver: LogoutReceiver;
  /** Wants to know everything, at `/app`. */
  readonly app: Credentials;
  /** Takes part in the same sessions; hears at `/quiet` what it must. */
  readonly quiet: Credentials;
  /** Who logs in. */
  user: User;
  /** Begins a test: nothing received, nothing logged, somebody new. */
  begin(): Promise<void>;
  /** Logs the user in. Answers the claims of the ID token. */
  logIn(browser: Browser, client?: Credentials): Promise<JWTPayload>;
  /** By `/v2/logout`; resolves when what follows is done. */
  logOut(browser: Browser): Promise<void>;
  /** Resolves when what the server does after its answers is done. */
  settle(): Promise<void>;
  /** A Management API call. */
  manage(method: string, path: string, json?: object): Promise<Answer>;
  /** Claims of what was received on `path`. */
  tokens(path?: string): JWTPayload[];
  logged(type: string): Promise<{ details?: unknown; [member: string]: unknown }[]>;
  /** How much waits to be delivered. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}

async function logIn(server: TestServer, user: User, browser: Browser, client: Credentials): Promise<JWTPayload> {
  const page = await browser.open(authorizeUrl({ client_id: client.client_id }));
  const login = { username: user.email ?? '', password: PASSWORD };
  const { parameters } = 'parameters' in page ? page : await browser.submitApp(page, login);
  const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: 'https://app.test/callback' };
  return decodeJwt((await server.post('/oauth/token', { form: { ...form, ...client } })).json.id_token);
}

export async function logoutHouse(): Promise<LogoutHouse> {
  const [server, receiver] = await Promise.all([testServer(), logoutReceiver()]);
  const app = await addApplication(server.ctx, { oidc_logout: everything(`${receiver.url}/app`) });
  const oidc_logout = { backchannel_logout_urls: [`${receiver.url}/quiet`] };
  const quiet = await addApplication(server.ctx, { oidc_logout });
  const bearer = await managementToken(server, SCOPES.split(' '));
  const settle = () => server.app.shared.background.idle(5000);
  let people = 0;
  const nextPerson = () => addPerson(server.ctx, `person${people++}@example.test`);
  const house: LogoutHouse = {
    server,
    receiver,
    app,
    quiet,
    user: await nextPerson(),
    async begin() {
      server.clock.reset();
      receiver.deliveries.length = 0;
      receiver.status = 200;
      house.user = await nextPerson();
      await logsOf(server.ctx).deleteWhere({});
    },
    logIn: (browser, client = app) => logIn(server, house.user, browser, client),
    async logOut(browser) {
      await server.get('/v2/logout', { jar: browser.jar });
      await settle();
    },
    settle,
    manage: (method, path, json) => server.request(method, `/api/v2/${path}`, { bearer, ...(json ? { json } : {}) }),
    tokens: (path = '/app') =>
      receiver.deliveries.filter((one) => one.path === path).map(({ token }) => decodeJwt(token)),
    logged: async (type) => (await logsOf(server.ctx).list({ where: { type } })) as never,
    waiting: () => outgoingMessagesOf(server.ctx).count(),
    async close() {
      await server.close();
      await receiver.close();
    },
  };
  return house;
}
