/** A process that is told to end finishes what it has begun, and nothing new. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, type ClientRequest, request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, PRODUCTION, type Reply, readReply, startProcess, temporaryFolder } from './server-process.ts';

const LOGIN = new URLSearchParams({
  grant_type: 'password',
  client_id: 'shop',
  username: 'ana@example.com',
  password: 'Correct-horse-battery-1',
}).toString();

const SEED = {
  tenant: { default_directory: 'Username-Password-Authentication' },
  clients: [{ name: 'Shop', client_id: 'shop', token_endpoint_auth_method: 'none', grant_types: ['password'] }],
  databases: [{ name: 'Username-Password-Authentication', enabled_clients: ['Shop'] }],
  users: [{ email: 'ana@example.com', password: 'Correct-horse-battery-1' }],
};

/** A login whose last byte is held back: the server has begun to read it and can't have answered. */
function beginLogin(port: number, agent: Agent): { sent: ClientRequest; reply: Promise<Reply>; finish(): void } {
  const headers = {
    host: 'login.example.test',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(Buffer.byteLength(LOGIN)),
  };
  const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/oauth/token', agent, headers });
  const reply = once(sent, 'response').then(([message]) => readReply(message));
  sent.write(LOGIN.slice(0, -1));
  return { sent, reply, finish: () => sent.end(LOGIN.slice(-1)) };
}

/** Resolves when nobody accepts connections at `port` any more. */
async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const refused = await ask(port, { path: '/healthz' }).then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET',
    );
    if (refused) return;
    await wait(10);
  }
}

test('a password login that SIGTERM finds in flight is answered, then the process ends', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const seed = join(folder.path, 'seed.json');
  writeFileSync(seed, JSON.stringify(SEED));
  const started = startProcess(['start'], { ...PRODUCTION, COUNTERSIGN_SEED: seed }, folder.path);
  t.after(() => started.child.kill('SIGKILL'));
  const { port = 0 } = await started.ready;
  // Kept alive on purpose: connections that idle must not hold the process up.
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.equal((await ask(port, { path: '/healthz', agent })).status, 200);
  const login = beginLogin(port, agent);
  await once(login.sent, 'socket');
  // The socket is the server's once it has answered a later connection.
  await ask(port, { path: '/healthz' });
  started.child.kill('SIGTERM');
  await untilRefused(port);
  assert.equal(started.child.exitCode, null);
  const told = performance.now();
  login.finish();
  const reply = await login.reply;
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.json.token_type, 'Bearer');
  assert.equal((await started.ended).code, 0);
  assert.ok(performance.now() - told < 10_000, 'it waited for connections that were idle');
});

test('a second signal does not wait', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const started = startProcess(['start'], PRODUCTION, folder.path);
  t.after(() => started.child.kill('SIGKILL'));
  const { port = 0 } = await started.ready;
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const login = beginLogin(port, agent);
  login.reply.catch(() => {});
  login.sent.on('error', () => {});
  await once(login.sent, 'socket');
  await ask(port, { path: '/healthz' });
  started.child.kill('SIGTERM');
  await untilRefused(port);
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).code, 1);
});
