import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hash } from 'bcrypt';
import { type TestServer, testServer } from '../../../test/server.ts';
import { type Context, isFailure } from '../../kernel/index.ts';
import { liftBlocks, listBlocks } from '../../protection/index.ts';
import { type Connection, createConnection, findConnectionByName } from '../../resources/connections/index.ts';
import {
  changePassword,
  createDatabaseUser,
  type NewUser,
  passwordCredentialsOf,
  usersOf,
} from '../../resources/users/index.ts';
import { recordLogin, verifyPassword } from '../index.ts';

const PASSWORD = 'Correct-horse-7';
const client = { client_id: 'app' };

let server: TestServer;
let connection: Connection;

before(async () => {
  server = await testServer();
  const found = await findConnectionByName(server.ctx, 'Username-Password-Authentication');
  assert.ok(found);
  connection = found;
});
after(() => server.close());

const make = (user: Partial<NewUser>) => createDatabaseUser(server.ctx, { connection, password: PASSWORD, ...user });

interface Outcome {
  /** `ok`, or the code of the failure. */
  readonly code: string;
  readonly logged: string[];
}

async function attempt(identifier: string, password: string, ip?: string, on = connection): Promise<Outcome> {
  const logged: string[] = [];
  const ctx: Context = { ...server.ctx, audit: (event) => logged.push(event.type) };
  const proof = { connection: on, identifier, password, client, ...(ip ? { ip } : {}) };
  const code = await verifyPassword(ctx, proof).then(
    () => 'ok',
    (error) => String(error.code),
  );
  return { code, logged };
}

const repeat = <R>(times: number, work: () => Promise<R>) => Promise.all(Array.from({ length: times }, work));

test('a right password gives the user, whatever the case of the address', async () => {
  await make({ email: 'ann@example.com' });
  assert.deepEqual(await attempt(' Ann@Example.com ', PASSWORD), { code: 'ok', logged: [] });
});

test('a wrong password and an unknown address differ in the log only', async () => {
  await make({ email: 'bob@example.com' });
  assert.deepEqual(await attempt('bob@example.com', 'wrong'), { code: 'wrong_credentials', logged: ['fp'] });
  assert.deepEqual(await attempt('nobody@example.com', 'wrong'), { code: 'wrong_credentials', logged: ['fu'] });
});

test('ten wrong passwords in a row block the account for the address they came from', async () => {
  await make({ email: 'carl@example.com' });
  for (let failed = 1; failed <= 9; failed++) await attempt('carl@example.com', 'wrong', '192.0.2.1');
  const tenth = await attempt('carl@example.com', 'wrong', '192.0.2.1');
  assert.deepEqual(tenth, { code: 'wrong_credentials', logged: ['fp', 'limit_wc'] });
  assert.equal((await attempt('carl@example.com', PASSWORD, '192.0.2.1')).code, 'too_many_attempts');
  assert.equal((await attempt('carl@example.com', PASSWORD, '192.0.2.2')).code, 'ok');
  assert.equal(await liftBlocks(server.ctx, { identifier: 'Carl@example.com' }), 1);
  assert.equal((await attempt('carl@example.com', PASSWORD, '192.0.2.1')).code, 'ok');
});

test('a right password forgets the wrong ones before it', async () => {
  await make({ email: 'dora@example.com' });
  for (let failed = 1; failed <= 9; failed++) await attempt('dora@example.com', 'wrong');
  assert.equal((await attempt('dora@example.com', PASSWORD)).code, 'ok');
  for (let failed = 1; failed <= 9; failed++) await attempt('dora@example.com', 'wrong');
  assert.equal((await attempt('dora@example.com', PASSWORD)).code, 'ok');
});

test('of forty wrong guesses at once, no more than ten are told that they are wrong', async () => {
  const user = await make({ email: 'eve@example.com' });
  const outcomes = await repeat(40, () => attempt('eve@example.com', 'wrong', '192.0.2.3'));
  const told = outcomes.filter(({ code }) => code === 'wrong_credentials');
  assert.equal(told.length, 10);
  assert.equal(outcomes.filter(({ logged }) => logged.includes('limit_wc')).length, 1);
  assert.equal((await listBlocks(server.ctx, { user_id: user.user_id })).length, 1);
});

test('right passwords at once do not get in each other’s way', async () => {
  await make({ email: 'flo@example.com' });
  const outcomes = await repeat(15, () => attempt('flo@example.com', PASSWORD));
  assert.ok(outcomes.every(({ code }) => code === 'ok'));
});

test('a block ends after thirty days, and with a new password', async () => {
  const user = await make({ email: 'gus@example.com' });
  const blocked = async () => {
    for (let failed = 1; failed <= 10; failed++) await attempt('gus@example.com', 'wrong');
    assert.equal((await attempt('gus@example.com', PASSWORD)).code, 'too_many_attempts');
  };
  await blocked();
  server.clock.advance(30 * 86_400 + 1);
  assert.equal((await attempt('gus@example.com', PASSWORD)).code, 'ok');
  await blocked();
  await changePassword(server.ctx, user.user_id, 'Another-horse-8');
  assert.equal((await attempt('gus@example.com', 'Another-horse-8')).code, 'ok');
});

test('a blocked user is told so only with the right password', async () => {
  const { user_id } = await make({ email: 'hal@example.com', blocked: true });
  assert.equal((await attempt('hal@example.com', 'wrong')).code, 'wrong_credentials');
  assert.deepEqual(await attempt('hal@example.com', PASSWORD), { code: 'user_blocked', logged: ['f'] });
  await usersOf(server.ctx).update(user_id, (user) => ({ ...user, blocked: false }));
  assert.equal((await attempt('hal@example.com', PASSWORD)).code, 'ok');
});

test('a bcrypt hash is accepted once and replaced', async () => {
  const password_hash = await hash('brought along', 4);
  const { user_id } = await createDatabaseUser(server.ctx, { connection, email: 'ida@example.com', password_hash });
  assert.equal((await attempt('ida@example.com', 'brought along')).code, 'ok');
  const stored = await passwordCredentialsOf(server.ctx).find({ user_id });
  assert.match(stored?.password_hash ?? '', /^\$argon2id\$/);
  assert.equal((await attempt('ida@example.com', 'brought along')).code, 'ok');
});

test('usernames sign in only where the connection has them, in their own words', async () => {
  const named = await createConnection(server.ctx, {
    name: 'with-usernames',
    strategy: 'auth0',
    options: { requires_username: true },
  });
  await createDatabaseUser(server.ctx, {
    connection: named,
    email: 'jo@example.com',
    username: 'Jo',
    password: PASSWORD,
  });
  assert.equal((await attempt('jO', PASSWORD, undefined, named)).code, 'ok');
  const proof = { connection: named, identifier: 'jo', password: 'wrong', client };
  await assert.rejects(verifyPassword(server.ctx, proof), (error) => {
    assert.ok(isFailure(error, 'wrong_credentials'));
    return error.params.identifier === 'username';
  });
  assert.equal((await attempt('jo', PASSWORD)).code, 'wrong_credentials');
});

test('a completed sign-in is noted in the profile', async () => {
  const user = await make({ email: 'kim@example.com' });
  await recordLogin(server.ctx, user, '192.0.2.9');
  const twice = await recordLogin(server.ctx, user);
  assert.deepEqual([twice.logins_count, twice.last_ip], [2, '127.0.0.1']);
  assert.equal(twice.last_login, new Date(server.clock.now()).toISOString());
});
