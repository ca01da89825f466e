/** The commands beside the server, each as a process on a database of its own. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { runHere } from './command-line.ts';
import {
  ask,
  PRODUCTION,
  type Reply,
  runCommand,
  startProcess,
  stopProcess,
  temporaryFolder,
} from './server-process.ts';

const folder = temporaryFolder();
const INSTALLED = { ...PRODUCTION, COUNTERSIGN_DATABASE: `sqlite:${join(folder.path, 'data/countersign.db')}` };

/** A command as a process. */
const run = (args: string) => runCommand(args.split(' '), INSTALLED, folder.path);

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
  assert.match(
    (await runHere(INSTALLED, 'tenant add --help')).printed,
    /^usage: countersign tenant add NAME --url URL/,
  );
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
  for (const [args, reason] of refusals) {
    const { failure, printed } = await runHere(INSTALLED, args);
    assert.match(failure ?? '', reason, args);
    assert.equal(printed, '', args);
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
  const again = await runHere(INSTALLED, 'tenant add shop --url https://other.example');
  assert.match(again.failure ?? '', /there is a tenant shop already/);
  const stolen = await runHere(INSTALLED, 'tenant add thief --url https://login.example.test');
  assert.match(stolen.failure ?? '', /leads to another tenant already/);
  assert.equal((await runHere(INSTALLED, 'tenant list')).printed, listed.stdout.trimEnd(), 'a refusal changes nothing');
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

/** Asks until `isThere` is content with the answer: a running server hears of another process's writes within a second or so. */
async function askUntil(asked: Parameters<typeof ask>, isThere: (reply: Reply) => boolean): Promise<Reply> {
  const giveUp = performance.now() + 20_000;
  for (;;) {
    const reply = await ask(...asked);
    if (isThere(reply) || performance.now() > giveUp) return reply;
    await wait(50);
  }
}

const keyIds = ({ json }: Reply): string[] => json.keys.map(({ kid }: { kid: string }) => kid);

test('keys rotate moves to a key that was published before, and keeps the former; a running server follows', async (t) => {
  const started = startProcess(['start'], PRODUCTION, folder.path);
  t.after(() => stopProcess(started));
  const { port = 0 } = await started.ready;
  const jwks = { path: '/.well-known/jwks.json' };
  const earlier = keyIds(await ask(port, jwks));
  const rotated = await run('keys rotate --tenant main');
  assert.equal(rotated.code, 0, rotated.stderr);
  const kid = /signs with (\S+)/.exec(rotated.stdout)?.[1] ?? '';
  assert.ok(earlier.includes(kid));
  assert.notEqual(kid, earlier[0]);
  const later = keyIds(await askUntil([port, jwks], (reply) => keyIds(reply)[0] === kid));
  assert.equal(later[0], kid);
  for (const former of earlier) assert.ok(later.includes(former));
  const host = 'late.example';
  assert.equal((await ask(port, { ...jwks, host })).status, 404);
  assert.equal((await run('tenant add late --url https://late.example')).code, 0);
  assert.equal((await askUntil([port, { ...jwks, host }], ({ status }) => status === 200)).status, 200);
});

test('another master key is refused before anything is written', async () => {
  const other = { COUNTERSIGN_SECRET: 'not the key that this database was sealed with' };
  for (const args of ['tenant list', 'keys rotate --tenant main', 'tenant add more --url https://more.example']) {
    assert.match(
      (await runHere({ ...INSTALLED, ...other }, args)).failure ?? '',
      /^COUNTERSIGN_SECRET is not the key/,
      args,
    );
  }
  assert.doesNotMatch((await runHere(INSTALLED, 'tenant list')).printed, /more/);
});
