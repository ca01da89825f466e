/** `countersign start` as an operator meets it: what it demands, what it leaves out, where it listens. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { request as secureRequest } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDevelopmentAuthority, issueServerCertificate } from '../../src/platform/crypto/index.ts';
import {
  ask,
  managementToken,
  PRODUCTION,
  type Reply,
  readReply,
  runCommand,
  startProcess,
  stopProcess,
  temporaryFolder,
} from './server-process.ts';

function folderFor(t: TestContext): string {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  return folder.path;
}

async function startProduction(t: TestContext, environment: Record<string, string> = {}, folder = folderFor(t)) {
  const started = startProcess(['start'], { ...PRODUCTION, ...environment }, folder);
  t.after(() => stopProcess(started));
  return { ...started, ready: await started.ready };
}

function without(name: keyof typeof PRODUCTION): Record<string, string> {
  const { [name]: _left, ...others } = PRODUCTION;
  return others;
}

for (const name of ['COUNTERSIGN_URL', 'COUNTERSIGN_SECRET'] as const) {
  test(`start refuses to run without ${name}`, async (t) => {
    const folder = folderFor(t);
    const { code, stdout, stderr } = await runCommand(['start'], without(name), folder);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^countersign: ${name} must be set`));
    assert.equal(stdout, '');
    assert.equal(existsSync(join(folder, 'data')), false);
  });
}

test('a short master key is refused', async (t) => {
  const { code, stderr } = await runCommand(['start'], { ...PRODUCTION, COUNTERSIGN_SECRET: 'short' }, folderFor(t));
  assert.equal(code, 1);
  assert.match(stderr, /COUNTERSIGN_SECRET must have at least 32 characters/);
});

test('a database that can not be reached, and a port that is taken, are said in a line', async (t) => {
  const folder = folderFor(t);
  const text = join(folder, 'text');
  writeFileSync(text, 'no database '.repeat(100));
  const databases: [string, RegExp][] = [
    ['postgres://ana:hidden@127.0.0.1:1/none', /ECONNREFUSED/],
    ['mysql://ana:hidden@localhost', /not a database that is known here: mysql/],
    [`sqlite:${text}`, /not a database/],
    [`sqlite:${text}/inside.db`, /EEXIST|ENOTDIR/],
  ];
  for (const [database, reason] of databases) {
    const { code, stderr } = await runCommand(['start'], { ...PRODUCTION, COUNTERSIGN_DATABASE: database }, folder);
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: COUNTERSIGN_DATABASE: [^\n]*\n$/);
    assert.match(stderr, reason);
    assert.doesNotMatch(stderr, /hidden/);
  }
  const { ready } = await startProduction(t);
  const taken = await runCommand(['start'], { ...PRODUCTION, COUNTERSIGN_PORT: String(ready.port) }, folder);
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /^countersign: listen EADDRINUSE.*\n$/);
});

test('production has nothing of development and nobody in it', async (t) => {
  const { ready } = await startProduction(t);
  const port = ready.port ?? 0;
  assert.equal(ready.url, 'https://login.example.test');
  for (const path of ['/_dev', '/_dev/messages', '/_dev/clock', '/_dev/page/clock']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      assert.equal((await ask(port, { method, path })).status, 404, `${method} ${path}`);
    }
  }
  const authorization = `Bearer ${await managementToken(port)}`;
  const clients = await ask(port, { path: '/api/v2/clients?is_global=false', headers: { authorization } });
  assert.deepEqual(
    clients.json.map((client: { client_id: string }) => client.client_id),
    ['operations'],
  );
  const users = await ask(port, { path: '/api/v2/users', headers: { authorization } });
  assert.deepEqual(users.json, []);
});

test('without certificate and key there is no TLS listener', async (t) => {
  const { ready } = await startProduction(t, { COUNTERSIGN_TLS_PORT: '0' });
  assert.equal(ready.tls_url, undefined);
  assert.equal(ready.tls_port, undefined);
});

async function writeCertificate(folder: string, host: string) {
  const now = Date.now();
  const authority = await createDevelopmentAuthority({ now });
  const { certPem, privateKeyPem } = await issueServerCertificate(authority, { hosts: [host], now });
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, certPem);
  writeFileSync(files.key, privateKeyPem);
  return { ...files, ca: authority.certPem };
}

test('with certificate and key it listens on TLS, and only there when the plain port is off', async (t) => {
  const folder = folderFor(t);
  const { cert, key, ca } = await writeCertificate(folder, 'login.example.test');
  const environment = { COUNTERSIGN_TLS_PORT: '0', COUNTERSIGN_TLS_CERT: cert, COUNTERSIGN_TLS_KEY: key };
  const { ready } = await startProduction(t, { ...environment, COUNTERSIGN_PORT: 'off' }, folder);
  assert.equal(ready.port, undefined);
  const reply = await new Promise<Reply>((settle, reject) => {
    const sent = secureRequest({
      host: '127.0.0.1',
      port: ready.tls_port,
      servername: 'login.example.test',
      headers: { host: 'login.example.test' },
      path: '/.well-known/openid-configuration',
      ca,
      agent: false,
    });
    sent.once('response', (message) => settle(readReply(message)));
    sent.once('error', reject);
    sent.end();
  });
  assert.equal(reply.json.issuer, 'https://login.example.test/');
});

test('a certificate without its key is refused, and so is a key of another', async (t) => {
  const folder = folderFor(t);
  const { cert } = await writeCertificate(folder, 'login.example.test');
  const half = await runCommand(['start'], { ...PRODUCTION, COUNTERSIGN_TLS_CERT: cert }, folder);
  assert.equal(half.code, 1);
  assert.match(half.stderr, /COUNTERSIGN_TLS_CERT and COUNTERSIGN_TLS_KEY must be set together/);
  const { key } = await writeCertificate(folderFor(t), 'login.example.test');
  const both = { ...PRODUCTION, COUNTERSIGN_TLS_CERT: cert, COUNTERSIGN_TLS_KEY: key };
  const mixed = await runCommand(['start'], both, folder);
  assert.equal(mixed.code, 1);
  assert.match(mixed.stderr, /COUNTERSIGN_TLS_KEY is not the key of COUNTERSIGN_TLS_CERT/);
});
