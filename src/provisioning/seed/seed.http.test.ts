/** Seeds through the door that a start uses, on a server whose database has other tenants. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Answer, START, type TestServer, testServer } from '../../../test/server.ts';
import { readConfig } from '../../config.ts';
import type { CollectionDefinition } from '../../kernel/index.ts';
import { totpAt } from '../../platform/crypto/index.ts';
import { domainsCollection, tenantsCollection } from '../../platform/storage/index.ts';
import { listAuthenticators } from '../../resources/authentication-methods/index.ts';
import { clientGrantsOf } from '../../resources/client-grants/index.ts';
import {
  clientsOf,
  grantTypes,
  organizationGrantsCollection,
  revealClientSecret,
} from '../../resources/clients/index.ts';
import { findConnectionByName } from '../../resources/connections/index.ts';
import { guardianSettings } from '../../resources/guardian/index.ts';
import {
  discoveryDomainsCollection,
  findOrganizationByName,
  organizationClientsCollection,
  organizationConnectionsCollection,
} from '../../resources/organizations/index.ts';
import { findResourceServer } from '../../resources/resource-servers/index.ts';
import { grantedPermissionsCollection, rolesCollection } from '../../resources/roles/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findUser, usersOf } from '../../resources/users/index.ts';
import { prepareTenant, SeedError } from '../index.ts';

const EXAMPLE = join(import.meta.dirname, '../../../docs/guides/seed.yaml');
const GRANT = 'http://auth0.com/oauth/grant-type';
const SHOP = { client_id: 'shop', client_secret: 'a-secret-that-the-shop-already-has-0123456789' };

let server: TestServer;
let folder: string;

before(async () => {
  server = await testServer();
  folder = mkdtempSync(join(tmpdir(), 'countersign-seed-'));
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function prepare(tenant: string, seed: string) {
  const config = readConfig('development', { COUNTERSIGN_TENANT: tenant, COUNTERSIGN_SEED: seed });
  return prepareTenant(server.app, config, { url: `https://${tenant}.test`, aliases: [] });
}

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function signIn(host: string, username: string, password: string): Promise<Answer> {
  const form = { grant_type: `${GRANT}/password-realm`, realm: 'Shop-Users', ...SHOP, username, password };
  return server.post('/oauth/token', { headers: { host }, form });
}

test('the global client keeps the id and secret that it had elsewhere, and has the page of the file', async () => {
  const page = { custom_login_page: '<html>ours</html>', custom_login_page_on: true };
  const entry = { ...SHOP, name: 'All Applications', global: true, ...page };
  const { ctx } = await prepare('moved', fileOf('global.json', { clients: [entry] }));
  const [own, ...others] = await clientsOf(ctx).list();
  assert.deepEqual(
    [own?.client_id, own?.global, own?.custom_login_page, others],
    ['shop', true, '<html>ours</html>', []],
  );
  assert.equal(revealClientSecret(ctx, own!), SHOP.client_secret);
});

test('the tenants that Auth0’s tools were recorded on can be made', async () => {
  const fileAt = (name: string) => join(import.meta.dirname, '../../../docs/compat/recorded-tenants', name);
  const { ctx } = await prepare('recorded', fileAt('deploy-cli.yaml'));
  const node = await clientsOf(ctx).get('YeEDcxEdxhZLufv6j9ukuUaDHXxF5aVw');
  assert.equal(node?.client_authentication_methods?.private_key_jwt?.credentials.length, 1);
  const { ctx: terraform } = await prepare('recorded-too', fileAt('terraform.yaml'));
  assert.deepEqual(
    (await clientsOf(terraform).list()).map((one) => one.client_id),
    ['AgEuCtc7HMsJUuULVtmJbnKiIb9cOiwV'],
  );
});

test('the example of the guide is applied whole', async (t) => {
  const { ctx, created } = await prepare('example', EXAMPLE);
  const host = 'example.test';
  assert.equal(created, true);

  await t.test('settings, API, applications, connection and grant', async () => {
    const settings = await tenantSettings(ctx);
    assert.equal(settings.friendly_name, 'Example shop');
    assert.equal(settings.session_lifetime, 24);
    assert.equal((await findResourceServer(ctx, 'https://orders.example.com'))?.token_lifetime, 3600);
    const clients = await clientsOf(ctx).list();
    const job = clients.find(({ name }) => name === 'Nightly job');
    assert.deepEqual(clients.map(({ name }) => name).sort(), ['All Applications', 'Nightly job', 'Shop']);
    const connection = await findConnectionByName(ctx, 'Shop-Users');
    assert.deepEqual(connection?.enabled_clients, ['shop']);
    const grants = await clientGrantsOf(ctx).list({ where: { audience: 'https://orders.example.com' } });
    assert.deepEqual(
      grants.map(({ client_id, scope }) => ({ client_id, scope })),
      [{ client_id: job?.client_id, scope: ['read:orders'] }],
    );
  });

  await t.test('multi-factor settings', async () => {
    const guardian = await guardianSettings(ctx);
    assert.deepEqual(
      Object.entries(guardian.factors)
        .filter(([, on]) => on)
        .map(([name]) => name)
        .sort(),
      ['otp', 'recovery-code', 'sms'],
    );
    assert.equal(guardian.phone_provider, 'twilio');
    assert.deepEqual(guardian.phone_message_types, ['sms', 'voice']);
    assert.match(guardian.phone_templates.verification_message, /^{{code}} is your code/);
  });

  await t.test(
    'passwords in clear and as bcrypt are right ones, and the policy asks for more; argon2 and an app let somebody in',
    async () => {
      for (const [email, password] of [
        ['ana@example.com', 'Clear-in-this-file-1'],
        ['ben@example.com', 'Imported-from-Auth0-1'],
      ] as const) {
        const answer = await signIn(host, email, password);
        assert.equal(answer.json.error, 'mfa_required', `${email}: ${answer.text}`);
        assert.equal((await signIn(host, email, `${password}!`)).json.error, 'invalid_grant');
      }
      const ben = await findUser(ctx, 'auth0|5f7c8ec7c33c6c004bbafe82');
      assert.equal(ben?.email, 'ben@example.com');
      const challenged = await signIn(host, 'chloe@example.com', 'Hashed-elsewhere-1');
      assert.equal(challenged.json.error, 'mfa_required');
      const otp = totpAt('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', START);
      const form = { grant_type: `${GRANT}/mfa-otp`, ...SHOP, mfa_token: challenged.json.mfa_token, otp };
      const answer = await server.post('/oauth/token', { headers: { host }, form });
      assert.equal(answer.status, 200, answer.text);
    },
  );

  await t.test('metadata and factors', async () => {
    const ana = await usersOf(ctx).find({ email: 'ana@example.com' });
    assert.deepEqual(ana?.app_metadata, { plan: 'gold' });
    assert.deepEqual(ana?.user_metadata, { language: 'en' });
    const chloe = await usersOf(ctx).find({ email: 'chloe@example.com' });
    const factors = await listAuthenticators(ctx, chloe?.user_id ?? '');
    assert.deepEqual(factors.map(({ type, confirmed }) => `${type} ${confirmed}`).sort(), ['otp true', 'phone true']);
  });

  await t.test('a second start leaves it alone', async () => {
    const again = await prepare('example', fileOf('later.yaml', 'clients: [{ name: Later }]'));
    assert.equal(again.created, false);
    assert.equal(await clientsOf(ctx).find({ name: 'Later' }), undefined);
  });
});

test('the database that a new tenant has gives way to one of the file', async () => {
  const databases = [{ name: 'Username-Password-Authentication', options: { passwordPolicy: 'excellent' } }];
  const { ctx } = await prepare('renewed', fileOf('renewed.json', { databases }));
  const connection = await findConnectionByName(ctx, 'Username-Password-Authentication');
  assert.equal(connection?.options.passwordPolicy, 'excellent');
});

test('roles and organizations, as the Deploy CLI exports them', async () => {
  const permission = { permission_name: 'read:a', resource_server_identifier: 'https://a.test' };
  const members = { assign_membership_on_login: true, show_as_button: true, is_enabled: true };
  const { ctx } = await prepare(
    'customers',
    fileOf('customers.json', {
      resourceServers: [{ identifier: 'https://a.test', name: 'A', scopes: [{ value: 'read:a' }] }],
      clients: [{ name: 'Job', app_type: 'non_interactive' }],
      databases: [{ name: 'People' }],
      clientGrants: [{ client_id: 'Job', audience: 'https://a.test', scope: ['read:a'], organization_usage: 'allow' }],
      roles: [{ name: 'Reader', description: 'Reads', type: 'tenant', permissions: [permission] }],
      organizations: [
        {
          name: 'acme',
          display_name: 'Acme',
          connections: [{ name: 'People', ...members }],
          client_grants: [{ client_id: 'Job' }],
          clients: [{ client_id: 'Job', use_for_member_access: true }],
          discovery_domains: [
            { domain: 'acme.test', status: 'verified', verification_txt: 'x', verification_host: 'y' },
          ],
        },
        { name: 'bare', connections: [], client_grants: [], clients: [], discovery_domains: [] },
      ],
    }),
  );
  const [role] = await ctx.store.collection(rolesCollection).list();
  assert.equal(role?.name, 'Reader');
  const granted = await ctx.store.collection(grantedPermissionsCollection).list({ where: { holder: role.id } });
  assert.deepEqual(
    granted.map(({ permission_name }) => permission_name),
    ['read:a'],
  );
  const acme = await findOrganizationByName(ctx, 'acme');
  const where = { organization_id: acme!.id };
  const parts = [organizationConnectionsCollection, organizationGrantsCollection, organizationClientsCollection];
  for (const part of [...parts, discoveryDomainsCollection]) {
    const collection = ctx.store.collection(part as CollectionDefinition<{ organization_id: string }>);
    assert.equal(await collection.count(where), 1, part.name);
  }
});

const user = (members: object) => ({ users: [{ email: 'dan@example.com', ...members }] });
const md5 = { algorithm: 'md5', hash: { value: '5f4dcc3b5aa765d61d8327deb882cf99', encoding: 'hex' } };
const BCRYPT = '$2b$10$BP4jua32EwBHirRcdNyK7.1j2pM58MPtB/J2mZW7qaye0FUkXPKgu';

/** What is refused, and what the operator reads. */
const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ['no YAML', 'clients: [', /flow/i],
  ['a list', '[]', /must be an object with sections/],
  ['a placeholder', 'tenant: { friendly_name: "##NAME##" }', /##NAME## was not replaced/],
  [
    'sections without a resource',
    { actions: [{ name: 'a' }], nonsense: 1, rules: [] },
    /can not apply: actions, nonsense$/,
  ],
  ['a section of the wrong kind', { clients: { name: 'x' } }, /clients: must be a list/],
  ['an entry of the wrong kind', { clients: ['x'] }, /clients\[0\]: must be an object/],
  ['an unknown setting', { tenant: { colour: 'red' } }, /tenant: Payload validation error: .*colour/],
  ['an unknown property', { clients: [{ name: 'A' }, { name: 'B', colour: 'red' }] }, /clients\[1\] \(B\): .*colour/],
  [
    'an add-on that is not offered',
    { clients: [{ name: 'A', addons: { wams: {} } }] },
    /clients\[0\] \(A\): .*addons\.wams is not offered/,
  ],
  [
    'an id that is taken',
    {
      clients: [
        { name: 'A', client_id: 'a' },
        { name: 'B', client_id: 'a' },
      ],
    },
    /clients\[1\] \(B\): client_id a is taken/,
  ],
  [
    'a short secret',
    { clients: [{ name: 'A', client_secret: 'short' }] },
    /clients\[0\] \(A\): client_secret must match/,
  ],
  [
    'an unknown application',
    { databases: [{ name: 'D', enabled_clients: ['Shop'] }] },
    /databases\[0\] \(D\)\.enabled_clients\[0\]: there is no application Shop/,
  ],
  [
    'an ambiguous application',
    { clients: [{ name: 'A' }, { name: 'A' }], clientGrants: [{ client_id: 'A', audience: 'x', scope: [] }] },
    /several applications are called A/,
  ],
  [
    'an unknown audience',
    { clients: [{ name: 'A' }], clientGrants: [{ client_id: 'A', audience: 'https://x', scope: [] }] },
    /clientGrants\[0\]: .+/,
  ],
  [
    'a permission of no API',
    { roles: [{ name: 'R', permissions: [{ permission_name: 'fly', resource_server_identifier: 'urn:x' }] }] },
    /roles\[0\] \(R\): This permission does not exist/,
  ],
  [
    'an organization with a connection that there is not',
    { organizations: [{ name: 'acme', connections: [{ name: 'Nowhere' }] }] },
    /organizations\[0\] \(acme\)\.connections\[0\] \(Nowhere\): there is no connection Nowhere$/,
  ],
  [
    'an organization with a name that is none',
    { organizations: [{ name: 'No Name!' }] },
    /organizations\[0\] \(No Name!\): Payload validation error/,
  ],
  ['an unknown strategy', { connections: [{ name: 'X', strategy: 'telepathy' }] }, /connections\[0\] \(X\): .+/],
  [
    'two connections of a name',
    { databases: [{ name: 'Username-Password-Authentication' }, { name: 'Username-Password-Authentication' }] },
    /databases\[1\] .*already exists/,
  ],
  [
    'an unknown factor',
    { guardianFactors: [{ name: 'telepathy', enabled: true }] },
    /guardianFactors\[0\] \(telepathy\): .+/,
  ],
  [
    'a legacy grant for a new application',
    { clients: [{ name: 'X', grant_types: ['http://auth0.com/oauth/legacy/grant-type/ro'] }] },
    /clients\[0\] \(X\): Invalid grant types: .+/,
  ],
  ['an application that may have existed', { clients: [{ name: 'X', existing: 'yes' }] }, /existing must be true or/],
  ['an unknown policy', { guardianPolicies: { policies: ['sometimes'] } }, /guardianPolicies: .+/],
  [
    'a factor without templates',
    { guardianFactorTemplates: [{ name: 'otp', enrollment_message: 'x', verification_message: 'y' }] },
    /guardianFactorTemplates\[0\] \(otp\): there is no otp/,
  ],
  ['a weak password', user({ password: 'weak' }), /users\[0\] \(dan@example\.com\): the password is too weak/],
  ['a number for a password', user({ password: 12345678 }), /users\[0\] \(dan@example\.com\): .*password/],
  [
    'a hash nobody can verify',
    user({ custom_password_hash: md5 }),
    /users\[0\] \(dan@example\.com\): custom_password_hash\.algorithm md5 is not supported/,
  ],
  [
    'a hash cut short',
    user({ password_hash: BCRYPT.slice(0, -1) }),
    /password_hash is not a hash that this version can verify/,
  ],
  [
    'a salt beside a hash',
    user({ custom_password_hash: { algorithm: 'bcrypt', hash: { value: BCRYPT }, salt: { value: 'x' } } }),
    /salt is not supported/,
  ],
  [
    'two passwords',
    user({ password: 'Good-enough-1', password_hash: BCRYPT }),
    /password and password_hash can not be given together/,
  ],
  ['reserved metadata', user({ app_metadata: { user_id: 'x' } }), /app_metadata may not have user_id/],
  ['a factor of no kind', user({ mfa_factors: [{}] }), /users\[0\] \(dan@example\.com\): .*mfa_factors/],
  [
    'a phone that is none',
    user({ mfa_factors: [{ phone: { value: 'none' } }] }),
    /users\[0\] \(dan@example\.com\): .*mfa_factors\[0\]: .+/,
  ],
  ['an unknown member', user({ colour: 'red' }), /users\[0\] \(dan@example\.com\): .*colour/],
  [
    'a global client with what it cannot have',
    { clients: [{ name: 'All Applications', global: true, owners: [] }] },
    /clients\[0\] \(All Applications\): .*owners/,
  ],
  ['a connection that is none', user({ connection: 'Elsewhere' }), /connection Elsewhere is no database connection/],
  [
    'a user twice',
    { users: [{ email: 'dan@example.com' }, { email: 'DAN@example.com' }] },
    /users\[1\] \(DAN@example\.com\): .*exists/i,
  ],
];

/** All tenants and the hosts that lead to them. */
async function listTenants(): Promise<unknown[]> {
  const { system } = server.app.shared.storage;
  return [await system.collection(tenantsCollection).list(), await system.collection(domainsCollection).list()];
}

for (const [what, content, reason] of REFUSED) {
  test(`refused: ${what}`, async () => {
    const path = fileOf('refused.yaml', content);
    const earlier = await listTenants();
    await assert.rejects(prepare('refused', path), (error: Error) => {
      assert.ok(error instanceof SeedError, String(error));
      assert.ok(error.message.startsWith(`seed ${path}: `), error.message);
      assert.match(error.message, reason);
      return true;
    });
    assert.deepEqual(await listTenants(), earlier);
    const answer = await server.get('/.well-known/jwks.json', { headers: { host: 'refused.test' } });
    assert.equal(answer.status, 404, 'nothing is left of the tenant');
  });
}

test('an application that existed before keeps its legacy grants, or gets all there are', async () => {
  const legacy = 'http://auth0.com/oauth/legacy/grant-type/ro';
  const clients = [
    { name: 'Lists them', existing: true, grant_types: [legacy] },
    { name: 'Lists none', existing: true },
    { name: 'New', existing: false },
  ];
  const { ctx } = await prepare('existing', fileOf('existing.yaml', { clients }));
  const grantsOf = async (name: string) => (await clientsOf(ctx).find({ name }))?.grant_types;
  assert.deepEqual(await grantsOf('Lists them'), [legacy]);
  assert.deepEqual(await grantsOf('Lists none'), [...grantTypes.keys()]);
  assert.deepEqual(await grantsOf('New'), ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']);
});

test('a file that is not there', async () => {
  await assert.rejects(prepare('refused', join(folder, 'none.yaml')), /seed .*none\.yaml: ENOENT/);
});

test('after a seed that failed, one that was mended is applied', async () => {
  await assert.rejects(prepare('mended', fileOf('mended.yaml', { clients: [{ name: 'A' }], users: [{ colour: 1 }] })));
  const { ctx, created } = await prepare('mended', fileOf('mended.yaml', { clients: [{ name: 'A' }] }));
  assert.equal(created, true);
  assert.equal(await clientsOf(ctx).count({ name: 'A' }), 1);
});
