/** Management writes at once: what there may be one of is there once, and no change is lost. And what people did goes with what it is for. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser } from '../browser.ts';
import { addApplication, addPerson, PASSWORD } from '../fixtures.ts';
import { call, encoded, house, key, made, NEW, openRaces, post, tracesOf, unique } from '../racing.ts';
import type { Answer } from '../server.ts';

const TRIES = Number(process.env.RACE_TRIES ?? 8);
const AT_ONCE = 30;

before(openRaces);
after(() => house.server.close());

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
    'the tenant': async () => [
      'tenants/settings',
      { friendly_name: unique('name') },
      { session_lifetime: Number(unique('n').slice(2)) },
    ],
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
