/** COUNTERSIGN_SEED as an operator meets it. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask, managementToken, PRODUCTION, startProcess, stopProcess, temporaryFolder } from './server-process.ts';

const EXAMPLE = join(import.meta.dirname, '../../docs/guides/seed.yaml');

test('a seed that can not be applied ends the start; mended, it is applied to a database that is as empty as before', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const seed = join(folder.path, 'seed.yaml');
  const environment = { ...PRODUCTION, COUNTERSIGN_SEED: seed };
  // The last thing that is applied: all before it must be undone.
  writeFileSync(seed, `${readFileSync(EXAMPLE, 'utf8')}  - email: nobody\n`);
  const { code, stdout, stderr } = await startProcess(['start'], environment, folder.path).ended;
  assert.equal(code, 1);
  assert.equal(stdout, '', 'it was never ready');
  const expected = `countersign: seed ${seed}: users[3] (nobody): Payload validation error: `;
  assert.ok(stderr.startsWith(expected), stderr);
  assert.doesNotMatch(stderr, /\n\s+at /, 'an operator gets no stack');

  copyFileSync(EXAMPLE, seed);
  const started = startProcess(['start'], environment, folder.path);
  t.after(() => stopProcess(started));
  const { port = 0 } = await started.ready;
  const authorization = `Bearer ${await managementToken(port)}`;
  const clients = await ask(port, { path: '/api/v2/clients?is_global=false', headers: { authorization } });
  assert.deepEqual(clients.json.map(({ name }: { name: string }) => name).sort(), [
    'Management',
    'Nightly job',
    'Shop',
  ]);
});

test('a development server with a seed has what the file says and no demonstration', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const environment = {
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_TLS_PORT: 'off',
    COUNTERSIGN_DATABASE: 'sqlite::memory:',
    COUNTERSIGN_SEED: EXAMPLE,
    COUNTERSIGN_MANAGEMENT_CLIENT_ID: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_ID,
    COUNTERSIGN_MANAGEMENT_CLIENT_SECRET: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_SECRET,
  };
  const started = startProcess(['dev'], environment, folder.path);
  const { port = 0, url } = await started.ready;
  const grant = {
    grant_type: 'client_credentials',
    client_id: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_ID,
    client_secret: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_SECRET,
    audience: `${url}/api/v2/`,
  };
  const host = new URL(url).host;
  const token = await ask(port, { path: '/oauth/token', host, form: grant });
  const headers = { authorization: `Bearer ${token.json.access_token}` };
  const clients = await ask(port, { path: '/api/v2/clients?is_global=false', host, headers });
  assert.deepEqual(clients.json.map(({ name }: { name: string }) => name).sort(), [
    'Management',
    'Nightly job',
    'Shop',
  ]);
  const { stderr } = await stopProcess(started);
  assert.doesNotMatch(stderr, /Demo/);
});
