/** Deleting what something is just being written for: nothing of it is left behind, in whichever order the two come. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PASSWORD } from '../fixtures.ts';
import { call, encoded, house, key, made, NEW, openRaces, permissions, post, tracesOf, unique } from '../racing.ts';
import type { Answer } from '../server.ts';

/** How often each thing is tried. A race that is lost once in ten is found. */
const TRIES = Number(process.env.RACE_TRIES ?? 8);

before(openRaces);
after(() => house.server.close());

/** What is written of something, given its id. */
type Writing = (id: string) => Promise<Answer>;
interface Kind {
  readonly make: () => Promise<string>;
  readonly path: (id: string) => string;
  /** Makes what is needed beside, and answers the writing. */
  readonly writings: Readonly<Record<string, () => Promise<Writing>>>;
}

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
