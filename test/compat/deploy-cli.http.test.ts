/** A tenant's clients, client grants and organizations through the released Deploy CLI: out, into another tenant, out again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { addManagementClient, type Credentials } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import type { TestTenant } from '../server.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { KEY_PEM } from './rich-clients.ts';
import { type Call, fillTenant, makeProfiles } from './rich-tenant.ts';

const CLI = join(import.meta.dirname, '../../node_modules/auth0-deploy-cli/lib/index.js');
const CLIENTS = ['clients', 'clientAuthCredentials', 'clientAuthCredentialsPre', 'clientGrants'];
const INCLUDED = [
  ...CLIENTS,
  'connectionProfiles',
  'userAttributeProfiles',
  'resourceServers',
  'databases',
  'connections',
  'roles',
  'organizations',
];

/** What the CLI takes out of an export, and wants back for an import. */
const SECRETS = { AUTH0_KEYWORD_REPLACE_MAPPINGS: { CONNECTIONS_OIDC_SECRET: 'kept' } };

interface Side {
  readonly server: RealServer;
  readonly credentials: Credentials;
  readonly call: Call;
}

let folder: string;
let from: Side;
let to: Side;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deploy-cli-'));
  from = await startSide();
  to = await startSide('another');
  await fillTenant(from.call);
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await from.server.close();
  await to.server.close();
});

async function startSide(seed = 'one'): Promise<Side> {
  const server = await startRealServer({ seed });
  const credentials = await addManagementClient(server.ctx);
  const { scopes = [] } = (await callOf(server, 'read:resource_servers')('GET', '/resource-servers'))[0] as never;
  const all = (scopes as { value: string }[]).map(({ value }) => value).join(' ');
  return { server, credentials, call: callOf(server, all) };
}

function callOf(server: RealServer, scopes: string): Call {
  return async (method, path, json) => {
    const tenant = { ctx: server.ctx, issuer: `${server.url}/` } as TestTenant;
    const token = await managementToken(tenant, scopes.split(' '));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = json ? { body: JSON.stringify(json) } : {};
    const answer = await fetch(`${server.plainUrl}/api/v2${path}`, { method, headers, ...body });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} ${JSON.stringify(json)}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
}

/** Runs the CLI against one side. Answers what it printed; fails unless it succeeds. */
async function runCli({ server, credentials }: Side, args: readonly string[], settings: object = {}): Promise<string> {
  const config = join(folder, 'config.json');
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, server.authorityPem);
  const access = {
    AUTH0_DOMAIN: server.domain,
    AUTH0_CLIENT_ID: credentials.client_id,
    AUTH0_CLIENT_SECRET: credentials.client_secret,
  };
  writeFileSync(config, JSON.stringify({ ...access, AUTH0_INCLUDED_ONLY: INCLUDED, ...settings }));
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: authority, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [CLI, ...args, '--env', 'false', '--config_file', config], {
    env: environment,
    cwd: folder,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, printed);
  return printed;
}

async function exportOf(side: Side, name: string, settings: object = {}): Promise<Record<string, unknown>> {
  const output = join(folder, name);
  await runCli(side, ['export', '--format', 'yaml', '--output_folder', output], settings);
  const text = readFileSync(join(output, 'tenant.yaml'), 'utf8');
  // The audience of the Management API is each tenant's own.
  return parse(text.replaceAll(side.server.domain, 'domain'));
}

/** The order of lists says nothing, and how a domain is proved is each organization's own. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(comparable).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !OWN.includes(name) && !UNWRITTEN.includes(name));
  return Object.fromEntries(kept.sort().map(([name, member]) => [name, comparable(member)]));
}
const OWN = [
  'verification_host',
  'verification_txt',
  'client_secret',
  'signing_keys',
  'created_at',
  'updated_at',
  'id',
];
/** The CLI holds it for what cannot be written. */
const UNWRITTEN = ['custom_login_page_preview'];

type Named = Readonly<Record<string, string>>;

/** Clients, client grants and organizations as the Management API tells them, with names in the place of ids. */
async function snapshot({ call, server }: Side): Promise<unknown> {
  const list = async (path: string) => (await call('GET', path)) as unknown as Named[];
  const clients = await list('/clients?is_global=false&per_page=100');
  const organizations = await list('/organizations');
  const parts = organizations.map(async ({ id }) => [
    await list(`/organizations/${id}/enabled_connections`),
    await list(`/organizations/${id}/client-grants`),
    await list(`/organizations/${id}/discovery-domains?take=50`),
  ]);
  const keys = clients.map(({ client_id }) => list(`/clients/${client_id}/credentials`));
  const profiles = (await Promise.all(PROFILE_PATHS.map(list))) as unknown as Record<string, Named[]>[];
  const named = [
    ...(await list('/connections')),
    ...profiles.flatMap((one) => Object.values(one).flat()),
    ...organizations,
  ];
  const grants = await list('/client-grants');
  const all = { clients, grants, organizations: await Promise.all(parts), keys: await Promise.all(keys) };
  const ids = new Map(clients.map(({ client_id = '', name }) => [client_id, name]));
  for (const { id = '', name } of named) ids.set(id, name);
  for (const { id = '' } of grants) ids.set(id, 'a grant');
  ids.set(server.domain, 'domain');
  const text = [...ids].reduce((done, [id, name = '']) => done.replaceAll(id, name), JSON.stringify(all));
  return comparable(JSON.parse(text));
}
const PROFILE_PATHS = ['/connection-profiles', '/user-attribute-profiles'];

/** Exports hold no keys; whoever imports them writes the keys in. */
function withKeys(text: string): string {
  const tenant = parse(text) as { clients: { client_authentication_methods?: { private_key_jwt?: unknown } }[] };
  for (const { client_authentication_methods: methods } of tenant.clients) {
    const { credentials = [] } = (methods?.private_key_jwt ?? {}) as { credentials?: Record<string, unknown>[] };
    for (const credential of credentials) credential.pem = KEY_PEM;
  }
  return stringify(tenant);
}

test('everything there is, with the configuration of the guide', async () => {
  const guide = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/guides/deploy-cli.json'), 'utf8'));
  const whole = await exportOf(from, 'whole', { AUTH0_INCLUDED_ONLY: undefined, AUTH0_EXCLUDED: guide.AUTH0_EXCLUDED });
  for (const kind of [
    'tenant',
    'clients',
    'databases',
    'organizations',
    'roles',
    'guardianFactors',
    'connectionProfiles',
  ])
    assert.ok(Object.hasOwn(whole, kind), kind);
  assert.deepEqual(
    guide.AUTH0_EXCLUDED.filter((kind: string) => Object.hasOwn(whole, kind)),
    [],
  );
});

test('export, import into an empty tenant, export again: equal', async () => {
  const first = await exportOf(from, 'first');
  const file = join(folder, 'first', 'tenant.yaml');
  writeFileSync(file, withKeys(readFileSync(file, 'utf8')));
  await makeProfiles(to.call);
  await runCli(to, ['import', '--input_file', file], SECRETS);
  const second = await exportOf(to, 'second');
  assert.deepEqual(comparable(second), comparable(first));
  assert.deepEqual(await snapshot(to), await snapshot(from));
});
