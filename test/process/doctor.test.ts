/** `countersign doctor`: what it looks at, and what it says when that is not as it should be. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createDevelopmentAuthority, issueServerCertificate } from '../../src/platform/crypto/index.ts';
import { runHere } from './command-line.ts';
import { PRODUCTION, startProcess, stopProcess, temporaryFolder } from './server-process.ts';

const folder = temporaryFolder();
const INSTALLED = { ...PRODUCTION, COUNTERSIGN_DATABASE: `sqlite:${join(folder.path, 'data/countersign.db')}` };

before(async () => {
  const started = startProcess(['start'], PRODUCTION, folder.path);
  await started.ready;
  await stopProcess(started);
});
after(() => folder.remove());

test('doctor finds a sound installation sound', async () => {
  const { failure, printed } = await runHere(INSTALLED, 'doctor');
  assert.equal(failure, undefined, printed);
  for (const name of ['configuration', 'storage', 'database', 'master key', 'clock']) {
    assert.match(printed, new RegExp(`^ok +${name}`, 'm'));
  }
  assert.match(printed, /^warning +tls +no HTTPS listener/m);
});

test('doctor names what is wrong and fails', async () => {
  const text = join(folder.path, 'no-certificate.pem');
  writeFileSync(text, 'nothing of the kind');
  const foreign = 'not the key that this database was sealed with';
  const troubles: [Record<string, string>, RegExp][] = [
    [{ COUNTERSIGN_PORT: 'eighty' }, /^failed +configuration +COUNTERSIGN_PORT must be/m],
    [{ COUNTERSIGN_SECRET: foreign }, /^failed +master key +COUNTERSIGN_SECRET is not the key/m],
    [{ COUNTERSIGN_TLS_CERT: text }, /^failed +tls +.*must be set together/m],
    [{ COUNTERSIGN_TLS_CERT: text, COUNTERSIGN_TLS_KEY: text }, /^failed +tls +.*must name files in PEM/m],
    [{ COUNTERSIGN_TLS_CLIENT_CA: text }, /^failed +tls +.*must name a file with certificates in PEM/m],
    [{ COUNTERSIGN_TLS_CLIENT_CERTIFICATES: 'maybe' }, /^failed +configuration +.*must be on or off/m],
    [{ COUNTERSIGN_MTLS_PROXIES: '10.0.0.0/33' }, /^failed +configuration +.*addresses and networks/m],
    [{ COUNTERSIGN_MTLS_PROXIES: 'proxy.example' }, /^failed +configuration +.*addresses and networks/m],
    [{ COUNTERSIGN_DATABASE: 'postgres://ana:hidden@127.0.0.1:1/none' }, /^failed +storage/m],
    [{ COUNTERSIGN_DATABASE: 'mysql://ana:hidden@localhost' }, /^failed +storage/m],
  ];
  for (const [environment, line] of troubles) {
    const { failure, printed } = await runHere({ ...INSTALLED, ...environment }, 'doctor');
    assert.equal(failure, 'one check failed', printed);
    assert.match(printed, line);
    assert.doesNotMatch(printed, /hidden/);
  }
});

test('doctor finds a certificate that is not valid now, or not for the host', async () => {
  const now = Date.now();
  const authority = await createDevelopmentAuthority({ now });
  const files = {
    COUNTERSIGN_TLS_CERT: join(folder.path, 'cert.pem'),
    COUNTERSIGN_TLS_KEY: join(folder.path, 'key.pem'),
  };
  const certificates: [string, number, RegExp][] = [
    ['login.example.test', now, /^ok +tls/m],
    ['elsewhere.example', now, /^failed +tls +the certificate is not for login\.example\.test/m],
    ['login.example.test', now - 10 * 365 * 24 * 3600_000, /^failed +tls +the certificate expired at/m],
    ['login.example.test', now + 24 * 3600_000, /^failed +tls +the certificate is not valid before/m],
  ];
  for (const [host, made, line] of certificates) {
    const issued = await issueServerCertificate(authority, { hosts: [host], now: made });
    writeFileSync(files.COUNTERSIGN_TLS_CERT, issued.certPem);
    writeFileSync(files.COUNTERSIGN_TLS_KEY, issued.privateKeyPem);
    assert.match((await runHere({ ...INSTALLED, ...files }, 'doctor')).printed, line);
  }
});

test('doctor makes no database where there is none', async (t) => {
  const empty = temporaryFolder();
  t.after(() => empty.remove());
  const file = join(empty.path, 'none.db');
  const { failure, printed } = await runHere({ ...INSTALLED, COUNTERSIGN_DATABASE: `sqlite:${file}` }, 'doctor');
  assert.equal(failure, undefined);
  assert.match(printed, /^ok +database +.*made at the first start/m);
  assert.equal(existsSync(file), false);
  const without = await runHere({ ...INSTALLED, ...{ COUNTERSIGN_URL: '' } }, 'doctor --production');
  assert.match(without.printed, /^failed +configuration +COUNTERSIGN_URL must be set/m);
});
