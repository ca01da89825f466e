/** `fedcm_login.google`: Google One Tap on the login page, where the browser asks Google by itself (FedCM) and posts what it says. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { connectionsOf, createConnection, findConnectionByName } from '../../src/resources/connections/index.ts';
import { logsOf } from '../../src/resources/logs/index.ts';
import { deleteUser, usersOf } from '../../src/resources/users/index.ts';
import { type Arrival, asArrival, asPage, Browser, type Page } from '../browser.ts';
import { type ClientHouse, clientHouse, type Made } from '../clients/client-house.ts';
import { useFactors } from '../fixtures.ts';
import { foreignKey, foreignToken } from '../foreign-issuer.ts';
import { type ScriptedProvider, scriptedProvider } from '../scripted-provider.ts';
import { START } from '../server.ts';
import { payloadOf } from '../token-fixture.ts';

const WEB = 'web.apps.googleusercontent.com';
const USER = 'google-oauth2|1234567890';
const key = foreignKey('google');

let house: ClientHouse;
let provider: ScriptedProvider;
let app: Made;

before(async () => {
  provider = await scriptedProvider(() => house?.server.clock.now() ?? START);
  house = await clientHouse({ outbound: provider.outbound });
  app = await house.create({ fedcm_login: { google: { is_enabled: true } } });
  const options = { client_id: WEB, client_secret: 'secret', allowed_audiences: ['android'] };
  await createConnection(house.server.ctx, {
    name: 'google-oauth2',
    strategy: 'google-oauth2',
    options,
    enabled_clients: [app.client_id],
  });
});
after(() => house.close());
beforeEach(() => {
  provider.answers = { 'GET /oauth2/v3/certs': () => ({ status: 200, body: { keys: [key.jwk] } }) };
});

const login = async (browser: Browser, parameters = {}) => asPage(await house.begin(app, parameters, browser));

/** What the page hands to the browser; undefined where it offers nothing. */
function offerOf({ html }: Page): { form: string; configUrl: string; clientId: string; nonce: string } | undefined {
  const [form] = /<form\b[^>]*data-one-tap[\s\S]*?<\/form>/.exec(html) ?? [];
  if (form === undefined) return undefined;
  const read = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(form)?.[1] ?? '';
  return { form, configUrl: read('config-url'), clientId: read('client-id'), nonce: read('nonce') };
}

const seconds = () => Math.floor(house.server.clock.now() / 1000);
const tokenFor = (nonce: string | undefined, changes: object = {}, signer = key) =>
  foreignToken(signer, {
    iss: 'https://accounts.google.com',
    aud: WEB,
    sub: '1234567890',
    email: 'Ada@gmail.test',
    email_verified: true,
    name: 'Ada',
    exp: seconds() + 300,
    ...(nonce === undefined ? {} : { nonce }),
    ...changes,
  });

/** Posts the token as the page's script does. */
async function choose(browser: Browser, page: Page, credential: string): Promise<Page | Arrival> {
  const offer = offerOf(page);
  assert.ok(offer, page.html);
  return browser.submit({ ...page, html: offer.form }, { credential });
}

test('fedcm_login.google.is_enabled: the login page offers it, and that page alone may ask Google', async () => {
  const page = await login(new Browser(house.server));
  const offer = offerOf(page);
  assert.deepEqual([offer?.configUrl, offer?.clientId], ['https://accounts.google.com/gsi/fedcm.json', WEB]);
  assert.match(page.headers['content-security-policy'] ?? '', /; connect-src https:\/\/accounts\.google\.com; /);
  assert.match(page.html, /navigator\.credentials\.get/);
  await house.change(app, { fedcm_login: { google: { is_enabled: false } } });
  const without = await login(new Browser(house.server));
  assert.equal(offerOf(without), undefined);
  assert.doesNotMatch(without.headers['content-security-policy'] ?? '', /connect-src/);
  assert.doesNotMatch(without.html, /credentials\.get/);
  await house.change(app, { fedcm_login: { google: { is_enabled: true } } });
});

test('fedcm_login: not for another connection, nor without a client of one’s own at Google, nor with the vault', async () => {
  const offered = async (parameters = {}) => offerOf(await login(new Browser(house.server), parameters)) !== undefined;
  assert.equal(await offered(), true);
  assert.equal(await offered({ connection: 'Username-Password-Authentication' }), false);
  const stored = await findConnectionByName(house.server.ctx, 'google-oauth2');
  assert.ok(stored);
  const { client_id: _id, ...keyless } = stored.options;
  const vault = { ...stored.options, federated_connections_access_tokens: { active: true } };
  for (const change of [
    { options: keyless },
    { options: vault },
    { enabled_clients: [] },
    { authentication: { active: false } },
  ]) {
    await connectionsOf(house.server.ctx).put({ ...stored, ...change });
    assert.equal(await offered(), false, JSON.stringify(change));
  }
  await connectionsOf(house.server.ctx).put(stored);
});

test('fedcm_login: what Google says of the account logs in, as on its own page', async () => {
  const browser = new Browser(house.server);
  const page = await login(browser);
  const arrived = asArrival(await choose(browser, page, await tokenFor(offerOf(page)?.nonce)));
  const { json } = await house.exchange(app, {
    grant_type: 'authorization_code',
    code: arrived.parameters.code,
    redirect_uri: 'https://app.test/callback',
  });
  const { sub, email, email_verified, name } = payloadOf(json.id_token);
  assert.deepEqual([sub, email, email_verified, name], [USER, 'ada@gmail.test', true, 'Ada']);
  const user = await usersOf(house.server.ctx).get(USER);
  assert.deepEqual(user?.identities, [
    { provider: 'google-oauth2', user_id: '1234567890', connection: 'google-oauth2', isSocial: true },
  ]);
  const [row] = await logsOf(house.server.ctx).list({ where: { type: 's' }, orderBy: 'log_id', descending: true });
  assert.deepEqual([row?.connection, row?.user_id], ['google-oauth2', USER]);
  assert.ok(asArrival(await house.begin(app, {}, browser)).parameters.code, 'the browser has a session now');
});

test('fedcm_login: the page of sign-up offers it, too', async () => {
  const browser = new Browser(house.server);
  const signUp = await login(browser, { screen_hint: 'signup' });
  assert.equal(signUp.path, '/u/signup');
  assert.match(signUp.headers['content-security-policy'] ?? '', /connect-src https:\/\/accounts\.google\.com/);
  assert.ok(asArrival(await choose(browser, signUp, await tokenFor(offerOf(signUp)?.nonce))).parameters.code);
});

test('fedcm_login: a second factor is asked for all the same', async () => {
  await useFactors(house.server.ctx, ['otp'], ['all-applications']);
  const browser = new Browser(house.server);
  const page = await login(browser);
  const next = asPage(await choose(browser, page, await tokenFor(offerOf(page)?.nonce)));
  assert.match(next.path, /^\/u\/mfa-/);
  await useFactors(house.server.ctx, []);
});

const REFUSED: [string, object, ReturnType<typeof foreignKey>?][] = [
  ['of another page', { nonce: 'another' }],
  ['of no page', { nonce: undefined }],
  ['for another application at Google', { aud: 'somebody-else' }],
  ['for an application on a device', { aud: 'android' }],
  ['of another issuer', { iss: 'https://evil.test' }],
  ['that has expired', { exp: 1 }],
  ['that never expires', { exp: undefined }],
  ['that nobody signed whom we know', {}, foreignKey('google')],
];

for (const [what, changes, signer] of REFUSED) {
  test(`fedcm_login: a token ${what} is refused, and the login goes on`, async () => {
    await deleteUser(house.server.ctx, USER);
    const browser = new Browser(house.server);
    const page = await login(browser);
    const nonce = offerOf(page)?.nonce;
    const refused = asPage(await choose(browser, page, await tokenFor(nonce, changes, signer)));
    assert.deepEqual([refused.status, offerOf(refused)], [400, undefined], 'it is not offered again at once');
    assert.match(refused.html, /log you in with this account/);
    assert.equal(await usersOf(house.server.ctx).get(USER), undefined);
    const rows = await logsOf(house.server.ctx).list({ where: { type: 'f' }, orderBy: 'log_id' });
    assert.equal(rows.at(-1)?.description, 'Invalid Google One Tap credential.');
    const password = await browser.submit(refused, { username: 'ada@example.test', password: 'Correct-horse-1' });
    assert.ok(asArrival(password).parameters.code);
  });
}

test('fedcm_login: no text, or Google does not answer', async () => {
  const browser = new Browser(house.server);
  const page = await login(browser);
  for (const credential of ['', 'x', 'a.b.c'])
    assert.equal(asPage(await choose(browser, page, credential)).status, 400);
  house.server.clock.advance(3600);
  provider.answers = { 'GET /oauth2/v3/certs': () => ({ status: 500, body: {} }) };
  const next = await login(new Browser(house.server));
  assert.equal(asPage(await choose(browser, next, await tokenFor(offerOf(next)?.nonce))).status, 400);
});

test('fedcm_login: a token counts for the login that it was asked for, in its own browser', async () => {
  const [mine, theirs] = [new Browser(house.server), new Browser(house.server)];
  const [page, other] = [await login(mine), await login(theirs)];
  assert.notEqual(offerOf(page)?.nonce, offerOf(other)?.nonce);
  const token = await tokenFor(offerOf(page)?.nonce);
  assert.equal(asPage(await choose(theirs, other, token)).status, 400);
  const stolen = asPage(await choose(new Browser(house.server), page, token));
  assert.doesNotMatch(stolen.html, /data-one-tap/);
  assert.ok(asArrival(await choose(mine, page, token)).parameters.code);
});

test('fedcm_login: nobody who is blocked, nobody once it is switched off', async () => {
  const known = new Browser(house.server);
  const greeting = await login(known);
  assert.ok(asArrival(await choose(known, greeting, await tokenFor(offerOf(greeting)?.nonce))).parameters.code);
  const browser = new Browser(house.server);
  const blocked = await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: true }));
  assert.equal(blocked?.blocked, true);
  const page = await login(browser);
  const arrived = asArrival(await choose(browser, page, await tokenFor(offerOf(page)?.nonce)));
  assert.deepEqual([arrived.parameters.error, arrived.parameters.code], ['unauthorized', undefined]);
  await usersOf(house.server.ctx).update(USER, (user) => ({ ...user, blocked: false }));
  const second = new Browser(house.server);
  const late = await login(second);
  await house.change(app, { fedcm_login: null });
  const refused = asPage(await choose(second, late, await tokenFor(offerOf(late)?.nonce)));
  assert.notEqual(refused.path, '/u/login');
  assert.equal('fedcm_login' in (await house.read(app)), false);
  await house.change(app, { fedcm_login: { google: { is_enabled: true } } });
});

test('fedcm_login: what it may be', async () => {
  for (const fedcm_login of [
    'yes',
    { google: true },
    { google: { is_enabled: 'yes' } },
    { apple: { is_enabled: true } },
  ]) {
    const { status, json } = await house.manage('PATCH', `clients/${app.client_id}`, { fedcm_login });
    assert.deepEqual([status, json.errorCode], [400, 'invalid_body'], JSON.stringify(fedcm_login));
  }
  assert.deepEqual((await house.read(app)).fedcm_login, { google: { is_enabled: true } });
});
