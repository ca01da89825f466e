/** What tests of identity providers do at an organization's house. */
import assert from 'node:assert/strict';
import { type Connection, connectionsOf } from '../src/resources/connections/index.ts';
import type { Organization } from '../src/resources/organizations/index.ts';
import { type Arrival, authorizeUrl, Browser } from './browser.ts';
import { type OrganizationHouse, oidcProvider, openOrganizationHouse } from './organization-house.ts';
import type { Answer } from './server.ts';

interface Visit {
  readonly organization?: Organization;
  readonly browser?: Browser;
}

export interface ProviderHouse extends OrganizationHouse {
  /** A name that no identity provider has yet. */
  newName(): string;
  /** Sets up an identity provider for `acme`, with these members instead of the usual ones. */
  post(more?: object): Promise<Answer>;
  /** `post`, which must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  make(more?: object): Promise<any>;
  connectionOf(id: string): Promise<Connection>;
  /** The id of a new connection profile. */
  profileOf(body: object): Promise<string>;
  /** Somebody logs in to an organization (`acme`) with the connection; answers where the browser ends up. */
  enter(connection: string, sub: string, visit?: Visit): Promise<Arrival>;
}

export const PATH = '/identity-providers';
export const NOT_FOUND = [404, 'The IdP does not exist.'];
export const MISCONFIGURED = [409, 'Invalid or missing configuration, please contact tenant admin.'];

/** What a problem comes down to. */
export const detailOf = ({ status, json }: Answer) => [status, json.detail];

export async function openProviderHouse(): Promise<ProviderHouse> {
  const house = await openOrganizationHouse('https://idp.test');
  let count = 0;
  const newName = () => `corp-${++count}`;
  const post: ProviderHouse['post'] = (more = {}) =>
    house.call('POST', PATH, oidcProvider(house.provider, { name: newName(), ...more }));
  return {
    ...house,
    newName,
    post,
    async make(more = {}) {
      const answer = await post(more);
      assert.equal(answer.status, 201, answer.text);
      return answer.json;
    },
    connectionOf: async (id) => (await connectionsOf(house.server.ctx).get(id))!,
    profileOf: async (body) =>
      (await house.manage('POST', 'connection-profiles', { name: 'Profile', ...body })).json.id,
    enter: (connection, sub, visit = {}) => enter(house, connection, sub, visit),
  };
}

async function enter(house: OrganizationHouse, connection: string, sub: string, visit: Visit): Promise<Arrival> {
  const { provider, client, acme, server } = house;
  const { organization = acme, browser = new Browser(server) } = visit;
  const person = { sub, email: `${sub}@corp.test`, email_verified: true, dept: 'Sales', admin: true };
  Object.assign(provider, { person });
  const scope = 'openid profile email';
  const ask = { client_id: client.client_id, organization: organization.id, connection, scope };
  const away = await browser.openApp(authorizeUrl(ask));
  return browser.openApp((await provider.approve(away.url.href)).back);
}
