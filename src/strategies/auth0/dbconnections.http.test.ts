import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import { createClient, type StoredClient } from '../../resources/clients/index.ts';
import {
  type Connection,
  connectionsOf,
  findConnectionByName,
  updateConnection,
} from '../../resources/connections/index.ts';
import { completeEmailVerification, completePasswordReset, verifyPassword } from '../index.ts';

const CONNECTION = 'Username-Password-Authentication';
const PASSWORD = 'Correct-horse-7';

let server: TestServer;
let client: StoredClient;

before(async () => {
  server = await testServer();
  client = await createClient(server.ctx, { name: 'App', app_type: 'spa' });
  const { id } = await connection();
  await connectionsOf(server.ctx).update(id, (found) => ({ ...found, enabled_clients: [client.client_id] }));
});
after(() => server.close());

async function connection(): Promise<Connection> {
  const found = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(found);
  return found;
}

const signUp = (body: Record<string, unknown>) =>
  server.post('/dbconnections/signup', {
    json: { client_id: client.client_id, connection: CONNECTION, password: PASSWORD, ...body },
  });

async function canLogIn(identifier: string, password: string): Promise<boolean> {
  const proof = { connection: await connection(), identifier, password, client };
  return verifyPassword(server.ctx, proof).then(
    () => true,
    () => false,
  );
}

function ticketIn(link: string | undefined): string {
  return new URL(link ?? '').searchParams.get('ticket') ?? '';
}

test('sign-up answers as Auth0 does, stores the address in lower case and mails a link that verifies it', async () => {
  const answer = await signUp({ email: 'New.User@Example.com', given_name: 'New', user_metadata: { plan: 'gold' } });
  assert.equal(answer.status, 200, answer.text);
  const { _id, ...rest } = answer.json;
  assert.match(_id, /^[0-9a-f]{24}$/);
  assert.deepEqual(rest, {
    email: 'new.user@example.com',
    email_verified: false,
    given_name: 'New',
    user_metadata: { plan: 'gold' },
  });
  const [mail] = await server.messages({ to: 'new.user@example.com' });
  const link = mail?.link ?? '';
  assert.ok(link.startsWith(`${server.issuer}lo/verify_email?ticket=`));
  assert.ok(mail?.html?.includes('/lo/verify_email?ticket=') && mail.text.includes(link));
  const ticket = ticketIn(link);
  assert.equal((await completeEmailVerification(server.ctx, ticket))?.user.email_verified, true);
  assert.equal(await completeEmailVerification(server.ctx, ticket), undefined);
});

test('a taken address is refused without saying so, in any case of letters', async () => {
  await signUp({ email: 'taken@example.com' });
  const answer = await signUp({ email: 'Taken@Example.com' });
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.json, {
    name: 'BadRequestError',
    code: 'invalid_signup',
    description: 'Invalid sign up',
    statusCode: 400,
  });
});

test('a weak password is refused with the report that SDKs read', async () => {
  const answer = await signUp({ email: 'weak@example.com', password: 'aaaaaaaa' });
  assert.equal(answer.status, 400);
  const { name, message, code, description, policy } = answer.json;
  assert.deepEqual([name, message, code], ['PasswordStrengthError', 'Password is too weak', 'invalid_password']);
  assert.deepEqual(description.rules[0], {
    message: 'At least %d characters in length',
    format: [8],
    code: 'lengthAtLeast',
    verified: true,
  });
  assert.equal(description.rules[1].code, 'containsAtLeast');
  assert.deepEqual(
    description.rules[1].items.map((item: { verified: boolean }) => item.verified),
    [true, false, false, false],
  );
  assert.match(policy, /^\* At least 8 characters in length\n\* Contain at least 3 of the following 4 types/);
  assert.equal((await server.messages({ to: 'weak@example.com' })).length, 0);
});

test('what does not fit the request is named, and nothing is made', async () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{}, /email/],
    [{ email: 'nonsense' }, /email/],
    [{ email: 'a@example.com', username: 'abc' }, /username/i],
    [{ email: 'a@example.com', user_metadata: { nested: {} } }, /user_metadata/],
    [{ email: 'a@example.com', is_admin: true }, /is_admin/],
    [{ email: 'a@example.com', client_id: 'unknown' }, /client/],
    [{ email: 'a@example.com', connection: 'nowhere' }, /connection/],
  ];
  for (const [body, text] of cases) {
    const answer = await signUp(body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.json.description, text);
  }
});

test('a connection that takes no sign-ups says so', async () => {
  const before = await connection();
  await updateConnection(server.ctx, before, { options: { ...before.options, disable_signup: true } });
  const answer = await signUp({ email: 'late@example.com' });
  await updateConnection(server.ctx, before, { options: before.options });
  assert.equal(answer.status, 400);
  assert.equal(answer.json.description, 'Public signup is disabled');
});

test('a password reset answers alike for everybody, and its link works once and kills the others', async () => {
  await signUp({ email: 'forgetful@example.com' });
  const ask = (email: string) =>
    server.post('/dbconnections/change_password', {
      json: { client_id: client.client_id, connection: CONNECTION, email },
    });
  const known = await ask('Forgetful@example.com');
  await ask('forgetful@example.com');
  const unknown = await ask('nobody@example.com');
  assert.deepEqual([known.status, known.text], [200, "We've just sent you an email to reset your password."]);
  assert.deepEqual([unknown.status, unknown.text], [known.status, known.text]);
  assert.match(known.headers['content-type'] ?? '', /^text\/html/);
  assert.equal((await server.messages({ to: 'nobody@example.com' })).length, 0);
  const mails = (await server.messages({ to: 'forgetful@example.com' })).filter((one) =>
    one.link?.includes('/lo/reset?'),
  );
  const [second = '', first = ''] = mails.map((mail) => ticketIn(mail.link));
  await assert.rejects(completePasswordReset(server.ctx, first, 'short'));
  assert.equal(await canLogIn('forgetful@example.com', PASSWORD), true);
  const done = await completePasswordReset(server.ctx, first, 'Another-horse-8');
  assert.equal(done?.user.email_verified, true);
  assert.equal(await canLogIn('forgetful@example.com', 'Another-horse-8'), true);
  assert.equal(await canLogIn('forgetful@example.com', PASSWORD), false);
  assert.equal(await completePasswordReset(server.ctx, first, 'Third-horse-9'), undefined);
  assert.equal(await completePasswordReset(server.ctx, second, 'Third-horse-9'), undefined);
});

test('a reset link dies of age', async () => {
  await signUp({ email: 'slow@example.com' });
  await server.post('/dbconnections/change_password', { json: { connection: CONNECTION, email: 'slow@example.com' } });
  const mails = await server.messages({ to: 'slow@example.com' });
  const ticket = ticketIn(mails.find((mail) => mail.link?.includes('/lo/reset?'))?.link);
  server.clock.advance(432_001);
  assert.equal(await completePasswordReset(server.ctx, ticket, 'Another-horse-8'), undefined);
});

test('mails to one address are limited', async () => {
  const ask = () =>
    server.post('/dbconnections/change_password', { json: { connection: CONNECTION, email: 'flooded@example.com' } });
  for (let asked = 0; asked < 10; asked++) assert.equal((await ask()).status, 200);
  const refused = await ask();
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['x-ratelimit-remaining'], '0');
  server.clock.advance(60);
  assert.equal((await ask()).status, 200);
});
