/** A tenant's clients, client grants and organizations through the released Deploy CLI: out, into another tenant, out again. */
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { absentKinds } from '../../src/resources/absent-kinds/index.ts';
import { exportDirectory, exportOf, PROFILE_PATHS, runCli, type Side, snapshot, startSide } from './deploy-cli.ts';
import { asTemplate, type Exported, forgetNobody, nameWhatIsNamed, withoutIds } from './deploy-cli-template.ts';
import { CERTIFICATE_PEM, KEY_PEM } from './rich-clients.ts';
import { DEPENDENT, fillTenant } from './rich-tenant.ts';

let from: Side;
let to: Side;

before(async () => {
  [from, to] = await Promise.all([startSide(), startSide('another')]);
  await fillTenant(from.call);
});
after(() => Promise.all([from.close(), to.close()]));

const keyed = { KEY: KEY_PEM, CERTIFICATE: CERTIFICATE_PEM, CONNECTIONS_OIDC_SECRET: 'kept' };

/** For the first import: keys themselves, and nothing for what is not there yet. */
const FIRST = {
  ...keyed,
  REQUEST_KEYS: [{ name: 'First key', credential_type: 'public_key', pem: KEY_PEM }],
  ORGANIZATION: '',
  LINKED: [],
};

/** For every later one: ids of what the first one made. */
async function laterMappings({ call }: Side): Promise<object> {
  const clients = (await call('GET', '/clients?per_page=100')) as unknown as { name: string; client_id: string }[];
  const idOf = (name: string) => clients.find((client) => client.name === name)?.client_id;
  const keys = (await call('GET', `/clients/${idOf('Request signer')}/credentials`)) as unknown as { id: string }[];
  return {
    ...keyed,
    REQUEST_KEYS: keys.map(({ id }) => ({ id })),
    ORGANIZATION: (await call('GET', '/organizations/name/acme')).id,
    LINKED: [{ client_id: idOf('Native') }],
  };
}

/** The files of clients and grants of a directory that was exported, as templates. */
function makeTemplates(directory: string): void {
  for (const file of globSync('clients/*.json', { cwd: directory })) {
    const client = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    asTemplate(client);
    nameWhatIsNamed(client);
    writeFileSync(join(directory, file), JSON.stringify(client));
  }
  for (const file of globSync('grants/*.json', { cwd: directory })) {
    const grant = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    forgetNobody(grant);
    writeFileSync(join(directory, file), JSON.stringify(grant));
  }
}

/** The exported file as a template, with `change` made to it. */
function makeTemplate(file: string, change: (exported: Exported) => void = () => {}): void {
  const template = parse(readFileSync(file, 'utf8')) as Exported;
  template.clients.forEach(asTemplate);
  template.clientGrants.forEach(forgetNobody);
  change(template);
  writeFileSync(file, stringify(template));
}

const load = (side: Side, input: string, settings: object) => runCli(side, ['import', '--input_file', input], settings);

/** All that the Management API tells of clients, grants and organizations, as it stands. */
async function stateOf({ call }: Side): Promise<Record<string, unknown>> {
  const clients = (await call('GET', '/clients?per_page=100')) as unknown as { name: string }[];
  const others = ['/client-grants', '/organizations', '/connections', '/resource-servers', '/roles', ...PROFILE_PATHS];
  const lists = await Promise.all(others.map(async (path) => [path, await call('GET', path)]));
  return Object.fromEntries([...clients.map((client) => [client.name, client]), ...lists]);
}

test('export, import into an empty tenant, export again: equal, in either format', async () => {
  const [first] = await Promise.all([exportOf(from, 'first'), exportDirectory(from, 'files')]);
  const [file, directory] = [join(from.folder, 'first', 'tenant.yaml'), join(from.folder, 'files')];
  makeTemplate(file);
  makeTemplates(directory);
  // A client with a metadata document can be made where the tenant's settings allow it, which the CLI imports last.
  await load(to, file, { AUTH0_INCLUDED_ONLY: ['tenant'] });
  // The CLI makes all clients at once, before profiles and organizations, and so before what some of them name: these are left for the
  // next import, which finds those ids by their names.
  await load(to, file, { AUTH0_KEYWORD_REPLACE_MAPPINGS: FIRST, AUTH0_EXCLUDED_CLIENTS: DEPENDENT });
  await load(to, directory, { AUTH0_KEYWORD_REPLACE_MAPPINGS: await laterMappings(to) });
  const second = await exportOf(to, 'second');
  assert.deepEqual(await snapshot(to), await snapshot(from));
  assert.deepEqual(withoutIds(second), withoutIds(first));
});

test('imported over what is there, a file changes what it says otherwise, and nothing else; with leave to delete, what it lacks goes', async () => {
  const file = join(from.folder, 'first', 'tenant.yaml');
  makeTemplate(file, ({ clients }) => {
    const web = clients.find(({ name }) => name === 'Web') ?? assert.fail();
    Object.assign(web, { description: 'Said otherwise', client_metadata: { team: 'blue' } });
    delete clients.find(({ name }) => name === 'Key holder')?.client_authentication_methods;
    clients.splice(
      clients.findIndex(({ name }) => name === 'User of zoom'),
      1,
    );
  });
  const { 'User of zoom': _gone, ...before } = await stateOf(to);
  await load(to, file, { AUTH0_KEYWORD_REPLACE_MAPPINGS: await laterMappings(to), AUTH0_ALLOW_DELETE: true });
  const after = await stateOf(to);
  const { client_authentication_methods: _keys, ...holder } = before['Key holder'] as Record<string, unknown>;
  // With leave to delete, the CLI takes the key of requests for one that nothing uses. Its client keeps it: that is refused.
  const signer = before['Request signer'] as Record<string, unknown>;
  const token_endpoint_auth_method = 'client_secret_post';
  const { client_secret } = after['Key holder'] as Record<string, unknown>;
  assert.deepEqual(after, {
    ...before,
    Web: { ...(before.Web as object), description: 'Said otherwise', client_metadata: { team: 'blue' } },
    'Key holder': { ...holder, client_secret, token_endpoint_auth_method },
    'Request signer': { ...signer, token_endpoint_auth_method },
  });
  const keysOf = async (client: Record<string, unknown>) =>
    (await to.call('GET', `/clients/${client.client_id}/credentials`)) as unknown as object[];
  assert.deepEqual([(await keysOf(holder)).length, (await keysOf(signer)).length], [0, 1]);
  const refused = (await to.call('GET', '/logs?q=type:fapi')) as unknown as object[];
  assert.equal(refused.length, 1, 'no other call of all these imports was refused');
});

const GUIDE = join(import.meta.dirname, '../../docs/guides/deploy-cli.json');
const HERE = ['tenant', 'clients', 'databases', 'organizations', 'roles', 'guardianFactors', 'connectionProfiles'];

/** Exports all kinds but some. */
async function exportAllBut(side: Side, name: string, excluded: readonly string[]): Promise<void> {
  const whole = await exportOf(side, name, { AUTH0_INCLUDED_ONLY: undefined, AUTH0_EXCLUDED: excluded });
  for (const kind of HERE) assert.ok(Object.hasOwn(whole, kind), kind);
  assert.deepEqual(
    excluded.filter((kind) => Object.hasOwn(whole, kind)),
    [],
  );
}

test('everything there is: with the configuration of the guide, and as a client that may not ask for what there is not', async () => {
  const excluded = JSON.parse(readFileSync(GUIDE, 'utf8')).AUTH0_EXCLUDED as string[];
  const grants = (await to.call('GET', `/client-grants?client_id=${to.credentials.client_id}`)) as unknown as {
    id: string;
    scope: string[];
  }[];
  const [{ id, scope } = assert.fail('no grant')] = grants;
  const absent = new Set(absentKinds.map((kind) => kind.scope));
  await to.call('PATCH', `/client-grants/${id}`, {
    scope: scope.filter((one) => !absent.has(one.split(':')[1] ?? '')),
  });
  await Promise.all([exportAllBut(from, 'whole', excluded), exportAllBut(to, 'whole', ['prompts'])]);
});
