import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { addPerson, addPublicApplication, CONNECTION, PASSWORD } from '../../../test/fixtures.ts';
import { persistentDatabase } from '../../../test/persistent-database.ts';
import { type TestServer, type TestServerOptions, type TestTenant, testServer } from '../../../test/server.ts';
import type { Message } from '../../kernel/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';
import { completeEmailVerification, startPasswordReset } from '../../strategies/index.ts';
import { findConnectionByName } from '../connections/index.ts';
import { logsOf } from '../logs/index.ts';
import { deleteUser } from '../users/index.ts';
import { enqueueMessage } from './index.ts';
import { outgoingMessagesOf } from './outgoing-message.store.ts';

const MINUTE = 60;

/** Somebody who sends messages, and can be out of order. */
function provider() {
  const state = { isDown: false, tries: 0, sent: [] as Message[] };
  const deliver = async (message: Message) => {
    state.tries += 1;
    if (state.isDown) throw new MessageNotSent('smtp: ECONNREFUSED', { retryable: true });
    state.sent.push(message);
  };
  return Object.assign(state, { messenger: { deliver } });
}

async function start(t: TestContext, options: TestServerOptions): Promise<TestServer> {
  const server = await testServer(options);
  t.after(() => server.close());
  return server;
}

/** Asks for a reset as a client does. Resolves when what the server does after its answer is done too. */
async function askForReset(server: TestServer, email: string, tenant: TestTenant = server): Promise<string> {
  const json = { connection: CONNECTION, email };
  const answer = await tenant.post('/dbconnections/change_password', { json });
  assert.equal(answer.status, 200, answer.text);
  await server.messages();
  return answer.text;
}

/** Has a reset mail made by a process that dies before it sends anything. */
async function askAndDie(tenant: TestTenant, identifier: string): Promise<void> {
  const connection = await findConnectionByName(tenant.ctx, CONNECTION);
  assert.ok(connection);
  await startPasswordReset(tenant.ctx, { connection, identifier });
}

const waiting = ({ ctx }: TestTenant) => outgoingMessagesOf(ctx).count();

async function logged({ ctx }: TestTenant, type: string) {
  return logsOf(ctx).list({ where: { type } });
}

test('a sign-up succeeds while the mail provider is down; the mail goes out once it is back, and its link works', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  mail.isDown = true;
  const { client_id } = await addPublicApplication(server.ctx);
  const json = { client_id, connection: CONNECTION, email: 'ana@example.com', password: PASSWORD };
  const answer = await server.post('/dbconnections/signup', { json });
  assert.equal(answer.status, 200, answer.text);
  await server.messages();
  assert.deepEqual([mail.tries, mail.sent.length, await waiting(server)], [1, 0, 1]);
  mail.isDown = false;
  await server.app.deliverDue();
  assert.equal(mail.tries, 1, 'not before its time');
  server.clock.advance(30);
  await server.app.deliverDue();
  assert.equal(mail.sent.length, 1);
  assert.equal(mail.sent[0]?.to, 'ana@example.com');
  assert.equal(await waiting(server), 0);
  assert.deepEqual(await logged(server, 'fn'), []);
  const ticket = new URL(mail.sent[0]?.link ?? '').searchParams.get('ticket') ?? '';
  assert.equal((await completeEmailVerification(server.ctx, ticket))?.user.email_verified, true);
});

test('a mail is tried six times over seven hours, then given up and logged once', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  const user = await addPerson(server.ctx, 'ana@example.com');
  mail.isDown = true;
  await askForReset(server, 'ana@example.com');
  const pauses = [MINUTE / 2, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE];
  for (const [tried, pause] of pauses.entries()) {
    server.clock.advance(pause - 1);
    await server.app.deliverDue();
    assert.equal(mail.tries, tried + 1);
    assert.deepEqual(await logged(server, 'fn'), []);
    server.clock.advance(1);
    await server.app.deliverDue();
    assert.equal(mail.tries, tried + 2);
  }
  await Promise.all([server.app.deliverDue(), server.app.deliverDue()]);
  const [row, ...more] = await logged(server, 'fn');
  assert.deepEqual(more, []);
  assert.equal(row?.description, 'To: ana@example.com');
  assert.deepEqual(row?.details, {
    email_type: 'reset_email',
    notification_type: 'reset_email',
    to: 'ana@example.com',
    error: 'smtp: ECONNREFUSED',
  });
  assert.deepEqual(
    [row?.user_id, row?.user_name, row?.connection, row?.tenant_name],
    [user.user_id, 'ana@example.com', CONNECTION, 'tenant'],
  );
  assert.equal(await waiting(server), 0);
  assert.equal((await logged(server, 'scpr')).length, 1);
});

test('a mail whose link is worthless by now is not sent but logged', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  await addPerson(server.ctx, 'ana@example.com');
  await askAndDie(server, 'ana@example.com');
  server.clock.advance(432_000);
  await server.app.shared.storage.sweep(server.clock.now() + 1);
  await server.app.deliverDue();
  assert.equal(mail.tries, 0);
  assert.equal((await logged(server, 'fn')).length, 1);
  assert.equal(await waiting(server), 0);
});

test('a mail that a dead process left behind is sent by the next one', async (t) => {
  const database = await persistentDatabase(t);
  const before = provider();
  const dying = await testServer({ database, messenger: before.messenger });
  await addPerson(dying.ctx, 'ana@example.com');
  await askAndDie(dying, 'ana@example.com');
  await dying.close();
  assert.equal(before.tries, 0);
  const mail = provider();
  const next = await start(t, { database, messenger: mail.messenger, seed: 'next' });
  assert.equal(await waiting(next), 1);
  await next.app.deliverDue();
  assert.deepEqual(
    mail.sent.map(({ to }) => to),
    ['ana@example.com'],
  );
  assert.equal(await waiting(next), 0);
});

test('a mail whose sender died in the middle is left alone for as long as it might live, then sent', async (t) => {
  const database = await persistentDatabase(t);
  const reached = Promise.withResolvers<void>();
  const deliver = () => {
    reached.resolve();
    return new Promise<void>(() => {});
  };
  const hanging = await testServer({ database, messenger: { deliver } });
  await addPerson(hanging.ctx, 'ana@example.com');
  await askAndDie(hanging, 'ana@example.com');
  void hanging.app.deliverDue();
  await reached.promise;
  await hanging.close();
  const mail = provider();
  const next = await start(t, { database, messenger: mail.messenger, seed: 'next' });
  next.clock.advance(5 * MINUTE - 1);
  await next.app.deliverDue();
  assert.equal(mail.tries, 0);
  next.clock.advance(1);
  await next.app.deliverDue();
  assert.equal(mail.sent.length, 1);
});

test('two workers at once send each mail once', async (t) => {
  const database = await persistentDatabase(t);
  const mail = provider();
  const one = await start(t, { database, messenger: mail.messenger });
  // Two writers of one SQLite file are never in one process: they would wait for each other on its only thread.
  const isShared = one.app.shared.storage.dialect === 'postgres';
  const other = isShared ? await start(t, { database, messenger: mail.messenger, seed: 'other' }) : one;
  const people = Array.from({ length: 25 }, (_, n) => `p${n}@example.com`);
  const posting = { failure: { type: 'fn' as const }, expires_at: one.clock.now() + 1000 };
  for (const to of people) await enqueueMessage(one.ctx, { channel: 'email', to, text: 'x' }, posting);
  await Promise.all([one, other, one, other].map(({ app }) => app.deliverDue()));
  assert.deepEqual(mail.sent.map(({ to }) => to).sort(), people.sort());
  assert.equal(await waiting(one), 0);
});

test('what waits can’t be read in the database', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  await addPerson(server.ctx, 'ana@example.com');
  mail.isDown = true;
  await askForReset(server, 'ana@example.com');
  const [stored] = await outgoingMessagesOf(server.ctx).list();
  mail.isDown = false;
  server.clock.advance(MINUTE);
  await server.app.deliverDue();
  const [sent] = mail.sent;
  assert.ok(stored && sent?.link);
  const ticket = new URL(sent.link).searchParams.get('ticket') ?? '';
  assert.match(ticket, /^\w{32}$/);
  for (const secret of [ticket, sent.link, sent.text]) assert.ok(!JSON.stringify(stored).includes(secret));
  // Bound to its row: it can't be read as another one's.
  await outgoingMessagesOf(server.ctx).insert({ ...stored, id: 'msg_moved', attempts: 0, next_attempt_at: 0 });
  await server.app.deliverDue();
  assert.equal(mail.sent.length, 1);
  assert.equal((await outgoingMessagesOf(server.ctx).get('msg_moved'))?.last_failure?.error, 'SealBroken');
});

test('a transaction that is rolled back sends nothing', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  const { ctx, finish } = await server.app.contextFor(server.host);
  const posting = { failure: { type: 'fn' as const }, expires_at: server.clock.now() + 1000 };
  const post = (to: string) => enqueueMessage(ctx, { channel: 'email', to, text: 'x' }, posting);
  await assert.rejects(
    ctx.store.transaction(async () => {
      await post('undone@example.com');
      throw new Error('no');
    }),
  );
  await ctx.store.transaction(() => post('done@example.com'));
  assert.equal(mail.tries, 0);
  await finish();
  await server.messages();
  assert.deepEqual(
    mail.sent.map(({ to }) => to),
    ['done@example.com'],
  );
});

test('who has no account is mailed nothing and logged as before; the work is the same', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  await addPerson(server.ctx, 'ana@example.com');
  const known = await askForReset(server, 'ana@example.com');
  assert.equal(await askForReset(server, 'nobody@example.com'), known);
  assert.equal(mail.tries, 1);
  assert.equal(await waiting(server), 0);
  assert.equal((await logged(server, 'fcpr')).length, 1);
  await askAndDie(server, 'nobody@example.com');
  await askAndDie(server, 'ana@example.com');
  const sizes = (await outgoingMessagesOf(server.ctx).list()).map(({ message_sealed }) => message_sealed.length);
  assert.equal(sizes.length, 2);
  assert.ok(Math.abs((sizes[0] ?? 0) - (sizes[1] ?? 0)) < 50, `${sizes}`);
  server.clock.advance(MINUTE);
  await server.app.deliverDue();
  assert.equal(mail.tries, 2);
  assert.deepEqual(await logged(server, 'fn'), []);
});

test('mails to a deleted user are dropped', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  const user = await addPerson(server.ctx, 'ana@example.com');
  await askAndDie(server, 'ana@example.com');
  await deleteUser(server.ctx, user.user_id);
  await server.app.deliverDue();
  assert.deepEqual([mail.tries, await waiting(server)], [0, 0]);
});

test('each tenant’s mails wait, and fail, in its own', async (t) => {
  const mail = provider();
  const server = await start(t, { messenger: mail.messenger });
  await addPerson(server.other.ctx, 'bo@example.com');
  mail.isDown = true;
  await askForReset(server, 'bo@example.com', server.other);
  assert.deepEqual([await waiting(server), await waiting(server.other)], [0, 1]);
  server.clock.advance(432_000);
  await server.app.deliverDue();
  assert.deepEqual(await logged(server, 'fn'), []);
  assert.deepEqual(
    (await logged(server.other, 'fn')).map(({ tenant_name, hostname }) => [tenant_name, hostname]),
    [['other', 'other.test']],
  );
});
