/** The released Deploy CLI, run against tenants of servers on real ports, and what such tenants hold in words that compare. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { documentHost } from '../document-host.ts';
import { addManagementClient, type Credentials } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import type { TestTenant } from '../server.ts';
import { type RealServer, startRealServer } from './real-server.ts';
import { VAULT_WORKER } from './rich-clients.ts';
import { type Call, DOCUMENT, DOCUMENT_URL } from './rich-tenant.ts';

const CLI = join(import.meta.dirname, '../../node_modules/auth0-deploy-cli/lib/index.js');

/** The kinds that have to do with clients. */
export const INCLUDED = [
  'tenant',
  'clients',
  'clientAuthCredentials',
  'clientAuthCredentialsPre',
  'clientGrants',
  'connectionProfiles',
  'userAttributeProfiles',
  'resourceServers',
  'databases',
  'connections',
  'roles',
  'organizations',
];

/** A tenant, and a folder for what the CLI reads and writes. */
export interface Side {
  readonly server: RealServer;
  readonly credentials: Credentials;
  readonly call: Call;
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts a server of its own, with the management client that the CLI is. */
export async function startSide(seed = 'one'): Promise<Side> {
  const host = documentHost();
  host.pages.set(DOCUMENT_URL, { body: DOCUMENT });
  const server = await startRealServer({ seed, outbound: host.outbound });
  const folder = mkdtempSync(join(tmpdir(), 'deploy-cli-'));
  const credentials = await addManagementClient(server.ctx);
  const { scopes = [] } = (await callOf(server, 'read:resource_servers')('GET', '/resource-servers'))[0] as never;
  const all = (scopes as { value: string }[]).map(({ value }) => value).join(' ');
  const close = async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  };
  return { server, credentials, call: callOf(server, all), folder, close };
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

/** Runs the CLI against one side, with `settings` in its configuration. Answers what it printed; fails unless it succeeds. */
export async function runCli(side: Side, args: readonly string[], settings: object = {}): Promise<string> {
  const { server, credentials, folder } = side;
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

/** Exports as YAML. Answers what was written; the file is `<name>/tenant.yaml` in the side's folder. */
export async function exportOf(side: Side, name: string, settings: object = {}): Promise<Record<string, unknown>> {
  const output = join(side.folder, name);
  await runCli(side, ['export', '--format', 'yaml', '--output_folder', output], settings);
  return parse(inOwnWords(side, readFileSync(join(output, 'tenant.yaml'), 'utf8')));
}

/** Exports as a directory. Answers its files. */
export async function exportDirectory(
  side: Side,
  name: string,
  settings: object = {},
): Promise<Record<string, unknown>> {
  const output = join(side.folder, name);
  await runCli(side, ['export', '--format', 'directory', '--output_folder', output], settings);
  const files = globSync('**/*.*', { cwd: output }).sort();
  const read = (file: string) => inOwnWords(side, readFileSync(join(output, file), 'utf8'));
  return Object.fromEntries(files.map((file) => [file, file.endsWith('.json') ? JSON.parse(read(file)) : read(file)]));
}

/** The audience of the Management API is each tenant's own. */
const inOwnWords = ({ server }: Side, text: string) => text.replaceAll(server.domain, 'domain');

/** The order of lists says nothing, and how a domain is proved is each organization's own. */
export function comparable(value: unknown): unknown {
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
/** The CLI does not write them: it holds the first for read-only, and of the second it cannot have the keys. */
const UNWRITTEN = ['custom_login_page_preview', 'token_vault_privileged_access'];

type Named = Readonly<Record<string, string>>;

/** Clients, client grants and organizations as the Management API tells them, with names in the place of ids. */
export async function snapshot({ call, server }: Side): Promise<unknown> {
  const list = async (path: string) => (await call('GET', path)) as unknown as Named[];
  const clients = await list('/clients?is_global=false&per_page=100');
  const organizations = await list('/organizations');
  const parts = organizations.map(async ({ id }) => [
    await list(`/organizations/${id}/enabled_connections`),
    await list(`/organizations/${id}/client-grants`),
    await list(`/organizations/${id}/discovery-domains?take=50`),
    await list(`/organizations/${id}/clients?take=50`),
  ]);
  const keys = clients
    .filter(({ name }) => name !== VAULT_WORKER)
    .map(({ client_id }) => list(`/clients/${client_id}/credentials`));
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
export const PROFILE_PATHS = ['/connection-profiles', '/user-attribute-profiles'];
