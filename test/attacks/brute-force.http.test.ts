/** Guessing passwords: ten wrong ones and no more, whatever the guesser changes about a request. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { authorizeUrl, Browser } from '../browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD, PASSWORD_REALM } from '../fixtures.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';
import { changeSettings } from '../token-fixture.ts';

let server: TestServer;
let app: Credentials;
/** Its backend may say for whom it asks. */
let proxy: Credentials;
let email: string;
let people = 0;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  proxy = await addApplication(server.ctx, { is_token_endpoint_ip_header_trusted: true });
  await changeSettings(server.ctx, { default_directory: CONNECTION });
});
beforeEach(async () => {
  people += 1;
  email = `user${people}@example.test`;
  await addPerson(server.ctx, email);
});
after(() => server.close());

interface Guess {
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Record<string, string>;
  readonly client?: Credentials;
  readonly grant?: Record<string, string>;
}
const REALM = { grant_type: PASSWORD_REALM, realm: CONNECTION };

function guess({ username = email, password = 'wrong', headers = {}, client = app, grant = REALM }: Guess = {}) {
  return server.post('/oauth/token', { headers, form: { ...client, ...grant, username, password } });
}

const told = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 403).length;

test('a hundred guesses at once are told right from wrong ten times, and the right one is not among them', async () => {
  const guesses = Array.from({ length: 100 }, (_, at) => guess({ password: at === 70 ? PASSWORD : `wrong${at}` }));
  const answers = await Promise.all(guesses);
  assert.ok(told(answers) <= 10, `${told(answers)} were told`);
  assert.equal((await guess({ password: PASSWORD })).status, 429);
});

test('one counter, whatever the spelling, the grant, the page and the headers', async () => {
  const spellings = [email, email.toUpperCase(), ` ${email}`, `${email}\u00a0`];
  for (const [at, username] of spellings.entries()) {
    const forged = { 'x-forwarded-for': `198.51.100.${at}`, 'auth0-forwarded-for': `198.51.100.${at}` };
    assert.equal((await guess({ username, headers: forged })).status, 403);
  }
  for (let at = 0; at < 3; at++) assert.equal((await guess({ grant: { grant_type: 'password' } })).status, 403);
  const browser = new Browser(server);
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id }));
  for (let at = 0; at < 3; at++) await browser.submitPage(page, { username: email, password: 'wrong' });
  assert.equal((await guess({ password: PASSWORD })).status, 429);
  assert.match((await browser.submitPage(page, { username: email, password: PASSWORD })).html, /blocked/i);
});

test('the addresses of one IPv6 network are one guesser; another network is another', async () => {
  const from = (address: string, password?: string) =>
    guess({ client: proxy, headers: { 'auth0-forwarded-for': address }, ...(password ? { password } : {}) });
  for (let at = 0; at < 10; at++) assert.equal((await from(`2001:db8:1:2::${at}`)).status, 403);
  assert.equal((await from('2001:db8:1:2:ffff::1', PASSWORD)).status, 429);
  assert.equal((await from('2001:db8:1:3::1', PASSWORD)).status, 200);
  assert.equal((await from('198.51.100.7', PASSWORD)).status, 200);
});

test('names that nobody has are counted as those that somebody has', async () => {
  const nobody = () => guess({ username: `nobody${people}@example.test` });
  const answers: Answer[] = [];
  for (let at = 0; at < 11; at++) answers.push(await nobody());
  const known: Answer[] = [];
  for (let at = 0; at < 11; at++) known.push(await guess());
  assert.deepEqual(
    answers.map(({ status, text }) => [status, text]),
    known.map(({ status, text }) => [status, text]),
  );
});
