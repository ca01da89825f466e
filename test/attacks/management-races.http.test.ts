/** Management writes at once: what is deleted leaves nothing of it behind, what there may be one of is there once, and no change is lost. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { collections } from '../../src/collections.ts';
import type { CollectionDefinition } from '../../src/kernel/index.ts';
import { asArrival, asPage, authorizeUrl, Browser } from '../browser.ts';
import { addApplication, addPerson, CONNECTION, PASSWORD } from '../fixtures.ts';
import { managementEndpoints } from '../isolation-attacks.ts';
import { managementToken } from '../management.ts';
import { openProviderHouse, type ProviderHouse } from '../provider-house.ts';
import type { Answer } from '../server.ts';

/** How often each thing is tried. A race that is lost once in ten is found. */
const TRIES = Number(process.env.RACE_TRIES ?? 8);
const AT_ONCE = 30;

let house: ProviderHouse;
let bearer: string;
let count = 0;

before(async () => {
  house = await openProviderHouse();
  const scopes = managementEndpoints(house.server.app.endpoints).flatMap((endpoint) => endpoint.scopes ?? []);
  bearer = await managementToken(house.server, [...new Set(scopes)]);
});
after(() => house.server.close());

const call = (method: string, path: string, json?: object) =>
  house.server.request(method, `/api/v2/${path}`, { bearer, ...(json ? { json } : {}) });
const post = (path: string, json: object) => call('POST', path, json);

async function made(path: string, json: object, id = 'id'): Promise<string> {
  const answer = await post(path, json);
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer.json[id];
}

const unique = (word: string) => `${word}-${++count}`;
const encoded = encodeURIComponent;

const LOGIN = { initiate_login_uri: 'https://app.test/login', grant_types: ['client_credentials'] };
const NEW = {
  user: (connection = CONNECTION) =>
    made('users', { connection, email: `${unique('p')}@x.test`, password: PASSWORD }, 'user_id'),
  role: () => made('roles', { name: unique('role') }),
  organization: () => made('organizations', { name: unique('org') }),
  client: () => made('clients', { name: unique('client'), ...LOGIN }, 'client_id'),
  connection: () => made('connections', { name: unique('con'), strategy: 'auth0' }),
  async api() {
    const identifier = unique('urn:api');
    await made('resource-servers', { identifier, scopes: [{ value: 'a' }] });
    return identifier;
  },
  grant: async (client_id: string, more: object = {}) =>
    made('client-grants', { client_id, audience: await NEW.api(), scope: [], ...more }),
};

/** Documents outside of the log that name `id`. */
async function tracesOf(id: string): Promise<string[]> {
  const found: string[] = [];
  for (const declared of collections as readonly CollectionDefinition<object & never>[]) {
    if (declared.name === 'logs') continue;
    const documents = await house.server.ctx.store.collection(declared as CollectionDefinition<object>).list();
    const naming = documents.map((one) => JSON.stringify(one)).filter((text) => text.includes(id));
    found.push(...naming.map((text) => `${declared.name}: ${text}`));
  }
  return found;
}

/** What is written of something, given its id. */
type Writing = (id: string) => Promise<Answer>;
interface Kind {
  readonly make: () => Promise<string>;
  readonly path: (id: string) => string;
  /** Makes what is needed beside, and answers the writing. */
  readonly writings: Readonly<Record<string, () => Promise<Writing>>>;
}

const permissions = (resource_server_identifier: string) => ({
  permissions: [{ resource_server_identifier, permission_name: 'a' }],
});
const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----`;
const key = () => ({ credential_type: 'public_key', pem: PEM, alg: 'ES256', name: unique('key') });

const KINDS: Readonly<Record<string, Kind>> = {
  user: {
    make: () => NEW.user(),
    path: (id) => `users/${encoded(id)}`,
    writings: {
      'a role': async () => {
        const role = await NEW.role();
        return (id) => post(`users/${encoded(id)}/roles`, { roles: [role] });
      },
      'a role, from its side': async () => {
        const role = await NEW.role();
        return (id) => post(`roles/${role}/users`, { users: [id] });
      },
      'a permission': async () => {
        const api = await NEW.api();
        return (id) => post(`users/${encoded(id)}/permissions`, permissions(api));
      },
      'a membership': async () => {
        const organization = await NEW.organization();
        return (id) => post(`organizations/${organization}/members`, { members: [id] });
      },
      'an authentication method': async () => (id) =>
        post(`users/${encoded(id)}/authentication-methods`, { type: 'phone', phone_number: '+15551234567' }),
      'a ticket': async () => (id) => post('tickets/email-verification', { user_id: id }),
      'a password ticket': async () => (id) => post('tickets/password-change', { user_id: id }),
      'an enrolment ticket': async () => (id) => post('guardian/enrollments/ticket', { user_id: id }),
      'a password': async () => (id) => call('PATCH', `users/${encoded(id)}`, { password: 'Another-horse-2' }),
    },
  },
  role: {
    make: NEW.role,
    path: (id) => `roles/${id}`,
    writings: {
      'a user': async () => {
        const user = await NEW.user();
        return (id) => post(`roles/${id}/users`, { users: [user] });
      },
      'a permission': async () => {
        const api = await NEW.api();
        return (id) => post(`roles/${id}/permissions`, permissions(api));
      },
      'a member': async () => {
        const [organization, user] = [await NEW.organization(), await NEW.user()];
        await post(`organizations/${organization}/members`, { members: [user] });
        return (id) => post(`organizations/${organization}/members/${encoded(user)}/roles`, { roles: [id] });
      },
    },
  },
  organization: {
    make: NEW.organization,
    path: (id) => `organizations/${id}`,
    writings: {
      'a member': async () => {
        const user = await NEW.user();
        return (id) => post(`organizations/${id}/members`, { members: [user] });
      },
      'a connection': async () => {
        const connection_id = await NEW.connection();
        return (id) => post(`organizations/${id}/enabled_connections`, { connection_id });
      },
      'a client': async () => {
        const client_id = await NEW.client();
        return (id) => post(`organizations/${id}/clients`, { clients: [{ client_id }] });
      },
      'a grant': async () => {
        const grant_id = await NEW.grant(await NEW.client(), { organization_usage: 'allow' });
        return (id) => post(`organizations/${id}/client-grants`, { grant_id });
      },
      'a domain': async () => (id) => post(`organizations/${id}/discovery-domains`, { domain: `${unique('d')}.test` }),
      'a role of its own': async () => (owner_id) =>
        post('roles', { name: unique('role'), type: 'organization', owner_id }),
      'an invitation': async () => {
        const client_id = await NEW.client();
        const invitation = { client_id, inviter: { name: 'x' }, invitee: { email: 'x@x.test' } };
        return (id) => post(`organizations/${id}/invitations`, invitation);
      },
      'a default of a client': async () => {
        const client = await NEW.client();
        return (id) =>
          call('PATCH', `clients/${client}`, {
            default_organization: { organization_id: id, flows: ['client_credentials'] },
          });
      },
    },
  },
  client: {
    make: NEW.client,
    path: (id) => `clients/${id}`,
    writings: {
      'a grant': async () => {
        const audience = await NEW.api();
        return (client_id) => post('client-grants', { client_id, audience, scope: [] });
      },
      'a credential': async () => (id) => post(`clients/${id}/credentials`, key()),
      'a connection': async () => {
        const connection = await NEW.connection();
        return (client_id) => call('PATCH', `connections/${connection}/clients`, [{ client_id, status: true }]);
      },
      'a new connection': async () => (id) =>
        post('connections', { name: unique('con'), strategy: 'auth0', enabled_clients: [id] }),
      'an organization': async () => {
        const organization = await NEW.organization();
        return (client_id) => post(`organizations/${organization}/clients`, { clients: [{ client_id }] });
      },
      'an invitation': async () => {
        const organization = await NEW.organization();
        const invitation = { inviter: { name: 'x' }, invitee: { email: 'x@x.test' } };
        return (client_id) => post(`organizations/${organization}/invitations`, { ...invitation, client_id });
      },
    },
  },
  connection: {
    make: NEW.connection,
    path: (id) => `connections/${id}`,
    writings: {
      'an organization': async () => {
        const organization = await NEW.organization();
        return (connection_id) => post(`organizations/${organization}/enabled_connections`, { connection_id });
      },
      'a new organization': async () => (connection_id) =>
        post('organizations', { name: unique('org'), enabled_connections: [{ connection_id }] }),
    },
  },
};

describe('deleting what something is just being written for', () => {
  for (const [name, { make, path, writings }] of Object.entries(KINDS))
    for (const [part, prepare] of Object.entries(writings))
      test(`${name}: ${part}`, async () => {
        // It works where nothing is deleted, and then goes with what it is for.
        const id = await make();
        const alone = await (await prepare())(id);
        assert.ok(alone.status < 300, alone.text);
        const deletion = await call('DELETE', path(id));
        assert.ok(deletion.status < 300, deletion.text);
        assert.deepEqual(await tracesOf(id), []);
        for (let n = 0; n < TRIES; n++) {
          const [one, write] = [await make(), await prepare()];
          const both = [write(one), call('DELETE', path(one))];
          const answers = await Promise.all(n % 2 === 0 ? both : both.toReversed());
          for (const { status, text } of answers) assert.ok(status < 500, text);
          assert.deepEqual(await tracesOf(one), [], `try ${n}`);
        }
      });

  test('connection: a user', async () => {
    for (let n = 0; n < TRIES; n++) {
      const name = unique('con');
      const id = await made('connections', { name, strategy: 'auth0' });
      const user = () => post('users', { connection: name, email: `${unique('p')}@x.test`, password: PASSWORD });
      const answers = await Promise.all([user(), call('DELETE', `connections/${id}`), user()]);
      for (const { status, text } of answers) assert.ok(status < 500, text);
      assert.deepEqual(await tracesOf(`"${name}"`), [], `try ${n}`);
    }
  });

  test('API: grants, permissions and its client', async () => {
    for (let n = 0; n < TRIES; n++) {
      const audience = unique('urn:api');
      const id = await made('resource-servers', { identifier: audience, scopes: [{ value: 'a' }] });
      const [client_id, role, user] = [await NEW.client(), await NEW.role(), await NEW.user()];
      const writings = () => [
        post('client-grants', { client_id, audience, scope: ['a'] }),
        post('client-grants', { default_for: 'third_party_clients', audience }),
        post(`roles/${role}/permissions`, permissions(audience)),
        post(`users/${encoded(user)}/permissions`, permissions(audience)),
        post('clients', { name: 'x', app_type: 'resource_server', resource_server_identifier: audience }),
      ];
      const answers = await Promise.all([...writings(), call('DELETE', `resource-servers/${id}`), ...writings()]);
      for (const { status, text } of answers) assert.ok(status < 500, text);
      const clients = (await tracesOf(audience)).filter((one) => one.startsWith('clients:'));
      assert.deepEqual(await tracesOf(audience), clients, `try ${n}`);
    }
  });
});

describe('what people did', () => {
  async function loggedIn(more: object = {}) {
    const { ctx } = house.server;
    const client = await addApplication(ctx, {
      is_first_party: false,
      grant_types: ['authorization_code', 'refresh_token'],
    });
    const person = await addPerson(ctx, `${unique('p')}@x.test`);
    const browser = new Browser(house.server);
    const ask = authorizeUrl({ client_id: client.client_id, scope: 'openid profile', ...more });
    const credentials = { username: person.email ?? '', password: PASSWORD };
    const consent = asPage(await browser.submit(asPage(await browser.open(ask)), credentials));
    const { parameters } = asArrival(await browser.submit(consent, { action: 'accept' }));
    assert.ok(parameters.code);
    return { client, person };
  }

  test('a user who is deleted has no code left, nor anything else', async () => {
    const { user_id } = (await loggedIn()).person;
    assert.equal((await call('DELETE', `users/${encoded(user_id)}`)).status, 204);
    assert.deepEqual(await tracesOf(user_id), []);
  });

  test('consents go with the client, and with the API or its scope', async () => {
    const audience = await NEW.api();
    const path = `resource-servers/${encoded(audience)}`;
    await call('PATCH', path, { scopes: [{ value: 'a' }, { value: 'b' }] });
    await post('client-grants', {
      default_for: 'third_party_clients',
      audience,
      scope: ['a', 'b'],
      subject_type: 'user',
    });
    const { client, person } = await loggedIn({ audience, scope: 'openid a b' });
    const consents = async () =>
      (await call('GET', `grants?user_id=${encoded(person.user_id)}&audience=${encoded(audience)}`)).json;
    assert.deepEqual((await consents())[0].scope, ['openid', 'a', 'b']);
    await call('PATCH', path, { scopes: [{ value: 'b' }] });
    assert.deepEqual((await consents())[0].scope, ['openid', 'b']);
    assert.equal((await call('DELETE', path)).status, 204);
    assert.deepEqual(await consents(), []);
    const other = await loggedIn();
    for (const { client_id } of [client, other.client]) await call('DELETE', `clients/${client_id}`);
    const left = (await call('GET', `grants?per_page=100`)).json as { clientID: string }[];
    assert.equal(
      left.some(({ clientID }) => [client.client_id, other.client.client_id].includes(clientID)),
      false,
    );
  });
});

describe('thirty at once', () => {
  /** The writing, how many of it may succeed, and how the others are refused. */
  const LIMITS: Readonly<Record<string, () => Promise<readonly [() => Promise<Answer>, number, number]>>> = {
    'credentials of a client': async () => {
      const client = await NEW.client();
      return [() => post(`clients/${client}/credentials`, key()), 2, 400];
    },
    'grants of a client for an API': async () => {
      const grant = { client_id: await NEW.client(), audience: await NEW.api(), scope: [] };
      return [() => post('client-grants', grant), 1, 409];
    },
    'default grants for an API': async () => {
      const grant = { default_for: 'third_party_clients', audience: await NEW.api(), scope: [] };
      return [() => post('client-grants', grant), 1, 409];
    },
    'identity providers of one name': async () => {
      const name = house.newName();
      return [() => house.post({ name }), 1, 409];
    },
    'APIs of one identifier': async () => {
      const identifier = unique('urn:api');
      return [() => post('resource-servers', { identifier }), 1, 409];
    },
    'connections of one name': async () => {
      const name = unique('con');
      return [() => post('connections', { name, strategy: 'auth0' }), 1, 409];
    },
    'organizations of one name': async () => {
      const name = unique('org');
      return [() => post('organizations', { name }), 1, 409];
    },
    'roles of one name': async () => {
      const name = unique('role');
      return [() => post('roles', { name }), 1, 409];
    },
    'methods of one number': async () => {
      const user = await NEW.user();
      const method = { type: 'phone', phone_number: '+15551234567' };
      return [() => post(`users/${encoded(user)}/authentication-methods`, method), 1, 409];
    },
    'domains of one name': async () => {
      const organization = await NEW.organization();
      return [() => post(`organizations/${organization}/discovery-domains`, { domain: 'only.test' }), 1, 409];
    },
    'connections of one organization': async () => {
      const [organization, connection_id] = [await NEW.organization(), await NEW.connection()];
      return [() => post(`organizations/${organization}/enabled_connections`, { connection_id }), 1, 409];
    },
  };

  for (const [name, prepare] of Object.entries(LIMITS))
    test(name, async () => {
      const [write, most, refused] = await prepare();
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => write()));
      const others = answers.filter(({ status }) => status >= 300);
      assert.equal(answers.length - others.length, most, (others[0] ?? answers[0])!.text);
      for (const { status, text } of others) assert.equal(status, refused, text);
    });
});

describe('two changes at once', () => {
  /** What is changed, and two changes, both of which must be there afterwards. */
  const CHANGES: Readonly<Record<string, () => Promise<readonly [string, object, object]>>> = {
    'a client grant': async () => [
      `client-grants/${await NEW.grant(await NEW.client())}`,
      { scope: ['a'] },
      { organization_usage: 'allow' },
    ],
    'an API': async () => [
      `resource-servers/${await made('resource-servers', { identifier: unique('urn:api') })}`,
      { name: 'Renamed' },
      { token_lifetime: 4000 },
    ],
    'an organization': async () => [
      `organizations/${await NEW.organization()}`,
      { display_name: 'Renamed' },
      { metadata: { a: 'b' } },
    ],
    'a role': async () => [`roles/${await NEW.role()}`, { name: unique('renamed') }, { description: 'Described' }],
    'a client': async () => [
      `clients/${await NEW.client()}`,
      { description: 'Described' },
      { callbacks: ['https://a.test'] },
    ],
    'a user': async () => [
      `users/${encoded(await NEW.user())}`,
      { nickname: 'Renamed' },
      { user_metadata: { a: 'b' } },
    ],
    'the tenant': async () => ['tenants/settings', { friendly_name: unique('name') }, { session_lifetime: 5 + count }],
  };

  for (const [name, prepare] of Object.entries(CHANGES))
    test(name, async () => {
      for (let n = 0; n < TRIES; n++) {
        const [path, one, other] = await prepare();
        const answers = await Promise.all([call('PATCH', path, one), call('PATCH', path, other)]);
        for (const { status, text } of answers) assert.equal(status, 200, text);
        const { json } = await call('GET', path);
        for (const [member, value] of Object.entries({ ...one, ...other })) assert.deepEqual(json[member], value);
      }
    });
});
