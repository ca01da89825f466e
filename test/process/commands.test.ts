/** The commands beside the server, each as a process on a database of its own. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run as runHere } from '../../src/cli/index.ts';
import { ConfigurationError } from '../../src/config.ts';
import { ask, PRODUCTION, runCommand, startProcess, stopProcess, temporaryFolder } from './server-process.ts';

const folder = temporaryFolder();
const run = (args: string, environment: Record<string, string> = {}) =>
  runCommand(args.split(' '), { ...PRODUCTION, ...environment }, folder.path);

before(async () => {
  const started = startProcess(['start'], PRODUCTION, folder.path);
  await started.ready;
  await stopProcess(started);
});
after(() => folder.remove());

const labelled = (text: string, label: string) => new RegExp(`^${label} +(\\S+)$`, 'm').exec(text)?.[1] ?? '';

test('--version and --help', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  assert.deepEqual(await run('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
  const help = await run('--help');
  assert.equal(help.code, 0);
  for (const usage of [
    'dev',
    'start',
    'tenant add NAME --url URL',
    'tenant list',
    'keys rotate --tenant NAME',
    'doctor',
  ]) {
    assert.match(help.stdout, new RegExp(`^  ${usage}`, 'm'));
  }
  assert.match((await run('tenant add --help')).stdout, /^usage: countersign tenant add NAME --url URL/);
});

test('what is no command, or lacks something, is refused with the usage', async () => {
  const refusals: [string, RegExp][] = [
    ['begin', /no such command: begin/],
    ['tenant', /no such command: tenant/],
    ['start now', /unexpected argument: now/],
    ['tenant add', /NAME is missing\nusage: countersign tenant add NAME --url URL/],
    ['tenant add shop', /--url is missing/],
    ['tenant add Shop --url https://shop.example', /NAME must be/],
    ['tenant add shop --url ftp://shop.example', /--url must be an http\(s\) URL/],
    ['tenant add shop --url https://shop.example/login', /--url must be a URL without path/],
    ['keys rotate', /--tenant is missing/],
    ['keys rotate --tenant nobody', /there is no tenant nobody/],
    ['doctor --fast', /Unknown option/],
  ];
  const environment = { ...PRODUCTION, COUNTERSIGN_DATABASE: `sqlite:${join(folder.path, 'data/countersign.db')}` };
  for (const [args, reason] of refusals) {
    const refused = (error: Error) => error instanceof ConfigurationError && reason.test(error.message);
    await assert.rejects(runHere(args.split(' '), environment), refused, args);
  }
  const { code, stdout, stderr } = await run('begin');
  assert.equal(code, 1);
  assert.match(stderr, /^countersign: no such command: begin\n/);
  assert.equal(stdout, '');
});

test('a tenant is added, listed and served, and can be administered; its name and host are its own', async () => {
  const added = await run('tenant add shop --url https://shop.example');
  assert.equal(added.code, 0, added.stderr);
  assert.equal(labelled(added.stdout, 'Issuer'), 'https://shop.example/');
  const listed = await run('tenant list');
  assert.equal(listed.stdout, 'main  https://login.example.test/\nshop  https://shop.example/\n');
  const again = await run('tenant add shop --url https://other.example');
  assert.match(again.stderr, /there is a tenant shop already/);
  const stolen = await run('tenant add thief --url https://login.example.test');
  assert.match(stolen.stderr, /leads to another tenant already/);
  assert.equal((await run('tenant list')).stdout, listed.stdout, 'a refusal changes nothing');
  const started = startProcess(['start'], PRODUCTION, folder.path);
  const { port = 0 } = await started.ready;
  const token = await ask(port, {
    path: '/oauth/token',
    host: 'shop.example',
    form: {
      grant_type: 'client_credentials',
      client_id: labelled(added.stdout, 'Management client'),
      client_secret: labelled(added.stdout, 'Management secret'),
      audience: 'https://shop.example/api/v2/',
    },
  });
  await stopProcess(started);
  assert.equal(token.status, 200, token.text);
});

async function keysOf(host: string): Promise<string[]> {
  const started = startProcess(['start'], PRODUCTION, folder.path);
  const { port = 0 } = await started.ready;
  const { json } = await ask(port, { path: '/.well-known/jwks.json', host });
  await stopProcess(started);
  return json.keys.map((key: { kid: string }) => key.kid);
}

test('keys rotate moves to a key that was published before, and keeps the former', async () => {
  const earlier = await keysOf('login.example.test');
  const rotated = await run('keys rotate --tenant main');
  assert.equal(rotated.code, 0, rotated.stderr);
  const kid = /signs with (\S+)/.exec(rotated.stdout)?.[1] ?? '';
  assert.ok(earlier.includes(kid));
  assert.notEqual(kid, earlier[0]);
  const later = await keysOf('login.example.test');
  assert.equal(later[0], kid);
  for (const former of earlier) assert.ok(later.includes(former));
});

test('another master key is refused before anything is written', async () => {
  const other = { COUNTERSIGN_SECRET: 'not the key that this database was sealed with' };
  for (const args of ['tenant list', 'keys rotate --tenant main', 'tenant add more --url https://more.example']) {
    const { code, stderr } = await run(args, other);
    assert.equal(code, 1, args);
    assert.match(stderr, /COUNTERSIGN_SECRET is not the key/, args);
  }
  assert.doesNotMatch((await run('tenant list')).stdout, /more/);
});

test('doctor finds a sound installation sound', async () => {
  const { code, stdout } = await run('doctor');
  assert.equal(code, 0, stdout);
  for (const name of ['configuration', 'storage', 'database', 'master key', 'clock']) {
    assert.match(stdout, new RegExp(`^ok +${name}`, 'm'));
  }
  assert.match(stdout, /^warning +tls +no HTTPS listener/m);
});

test('doctor names what is wrong and fails', async () => {
  const text = join(folder.path, 'no-certificate.pem');
  writeFileSync(text, 'nothing of the kind');
  const troubles: [Record<string, string>, RegExp][] = [
    [{ COUNTERSIGN_PORT: 'eighty' }, /^failed +configuration +COUNTERSIGN_PORT must be/m],
    [
      { COUNTERSIGN_SECRET: 'not the key that this database was sealed with' },
      /^failed +master key +COUNTERSIGN_SECRET/m,
    ],
    [{ COUNTERSIGN_TLS_CERT: text }, /^failed +tls +.*must be set together/m],
    [{ COUNTERSIGN_TLS_CERT: text, COUNTERSIGN_TLS_KEY: text }, /^failed +tls +.*must name files in PEM/m],
    [{ COUNTERSIGN_DATABASE: 'postgres://ana:hidden@127.0.0.1:1/none' }, /^failed +storage/m],
    [{ COUNTERSIGN_DATABASE: 'mysql://localhost' }, /^failed +storage/m],
  ];
  for (const [environment, line] of troubles) {
    const { code, stdout, stderr } = await run('doctor', environment);
    assert.equal(code, 1, stdout);
    assert.match(stdout, line);
    assert.doesNotMatch(stdout + stderr, /hidden/);
  }
});

test('doctor makes no database where there is none', async (t) => {
  const empty = temporaryFolder();
  t.after(() => empty.remove());
  const { code, stdout } = await runCommand(['doctor'], PRODUCTION, empty.path);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ok +database +.*made at the first start/m);
  const without = await runCommand(['doctor', '--production'], {}, empty.path);
  assert.equal(without.code, 1);
  assert.match(without.stdout, /^failed +configuration +COUNTERSIGN_URL must be set/m);
});
