import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser } from '../browser.ts';
import { addClient, addDatabase, CALLBACK, payloadOf } from '../token-fixture.ts';
import { type House, oidcOptions, openHouse } from './federated-house.ts';

let house: House;

before(async () => {
  house = await openHouse('https://page.test');
  const options = oidcOptions(house.provider);
  await house.connect('corp', { strategy: 'oidc', options, show_as_button: true, display_name: 'Corp & Sons' });
  await house.connect('quiet', { strategy: 'oidc', options });
  await house.connect('off', { strategy: 'oidc', options, show_as_button: true, authentication: { active: false } });
  await house.connect('others', { strategy: 'oidc', options, show_as_button: true, enabled_clients: [] });
  const icon_url = 'https://cdn.test/google.png';
  await house.connect('google-oauth2', { strategy: 'google-oauth2', options: { client_id: 'x', icon_url } });
});
after(() => house.server.close());

/** Texts of the page's links to providers, and where they lead. */
function buttonsOf(html: string): [string, string][] {
  const links = [...html.matchAll(/<a class="button quiet" href="([^"]*)">(.*?)<\/a>/g)];
  return links.map(([, href = '', text = '']) => [text.replace(/<[^>]+>/g, ''), href.replaceAll('&amp;', '&')]);
}

const start = (parameters: Record<string, string> = {}) =>
  authorizeUrl({ client_id: house.client.client_id, ...parameters });

test('an application without a database has buttons only: those that are on, switched on, and its own', async () => {
  const page = await new Browser(house.server).openPage(start());
  assert.equal(page.path, '/u/login');
  assert.deepEqual(
    buttonsOf(page.html).map(([text]) => text),
    ['Continue with Corp &amp; Sons', 'Continue with Google'],
  );
  assert.doesNotMatch(page.html, /<form|type="password"/);
  assert.match(page.html, /<img src="https:\/\/cdn\.test\/google\.png" alt=""/);
});

test('a button leads to the provider and back into the login', async () => {
  const browser = new Browser(house.server);
  const page = await browser.openPage(start({ login_hint: 'ada@example.test' }));
  const away = await browser.openApp(buttonsOf(page.html)[0]?.[1] ?? '');
  assert.equal(away.parameters.login_hint, 'ada@example.test');
  const arrival = await browser.openApp((await house.provider.approve(away.url)).back);
  assert.equal(payloadOf((await house.redeem(arrival)).id_token ?? '').sub, 'oidc|corp|ada-1');
});

test('with a database the page has both; the buttons stay when a password is wrong', async () => {
  const client = await addClient(house.server.ctx);
  await addDatabase(house.server.ctx, 'db', [client.client_id]);
  const options = oidcOptions(house.provider);
  const enabled_clients = [client.client_id];
  await house.connect('both', { strategy: 'oidc', options, show_as_button: true, enabled_clients });
  const browser = new Browser(house.server);
  const page = await browser.openPage(start({ client_id: client.client_id }));
  assert.match(page.html, /type="password"/);
  assert.equal(buttonsOf(page.html).length, 1);
  const again = await browser.submitPage(page, { username: 'nobody@example.test', password: 'wrong' });
  assert.deepEqual([again.status, buttonsOf(again.html).length], [400, 1]);
});

test('the only connection of an application, if it is an enterprise’s, needs no page; a social one has its button', async () => {
  const [one, two] = [await addClient(house.server.ctx), await addClient(house.server.ctx)];
  const options = oidcOptions(house.provider);
  await house.connect('single', { strategy: 'oidc', options, enabled_clients: [one.client_id] });
  await house.connect('hub', { strategy: 'github', options: { client_id: 'x' }, enabled_clients: [two.client_id] });
  const away = await new Browser(house.server).openApp(start({ client_id: one.client_id }));
  assert.equal(away.url.origin, house.provider.issuer);
  const page = await new Browser(house.server).openPage(start({ client_id: two.client_id, screen_hint: 'signup' }));
  assert.deepEqual(buttonsOf(page.html)[0]?.[0], 'Continue with GitHub');
});

test('an address leads to the provider of its domain, with a database beside it or without', async () => {
  const client = await addClient(house.server.ctx);
  const enabled_clients = [client.client_id];
  for (const [name, domain] of [
    ['north', 'north.test'],
    ['south', 'south.test'],
  ] as const) {
    const options = oidcOptions(house.provider, { domain_aliases: [domain.toUpperCase()] });
    await house.connect(name, { strategy: 'oidc', options, enabled_clients });
  }
  const browser = new Browser(house.server);
  const page = await browser.openPage(start({ client_id: client.client_id, login_hint: 'application@hint.test' }));
  assert.match(page.html, /name="username"/);
  assert.doesNotMatch(page.html, /type="password"/);
  assert.match((await browser.submitPage(page, { username: '' })).html, /Enter your email address/);
  for (const username of ['ada@elsewhere.test', 'ada', 'ada@sub.north.test'])
    assert.equal((await browser.submitPage(page, { username })).status, 400, username);
  const away = await browser.submitApp(page, { username: ' Ada@South.test ' });
  assert.equal(away.parameters.login_hint, 'Ada@South.test');
  const arrival = await browser.openApp((await house.provider.approve(away.url)).back);
  const tokens = await house.server.post('/oauth/token', {
    form: { grant_type: 'authorization_code', code: arrival.parameters.code, redirect_uri: CALLBACK, ...client },
  });
  assert.equal(payloadOf(tokens.json.id_token).sub, 'oidc|south|ada-1');
  await addDatabase(house.server.ctx, 'homes', enabled_clients);
  const both = new Browser(house.server);
  const form = await both.openPage(start({ client_id: client.client_id }));
  assert.match(form.html, /type="password"/);
  const north = await both.submitApp(form, { username: 'ada@north.test', password: 'never sent on' });
  assert.doesNotMatch(north.url.href, /never/);
  assert.equal((await both.submitPage(form, { username: 'ada@else.test', password: 'wrong' })).status, 400);
});

test('a button of nobody’s: other connections, other browsers, other states', async () => {
  const browser = new Browser(house.server);
  const page = await browser.openPage(start());
  const address = buttonsOf(page.html)[0]?.[1] ?? '';
  for (const name of ['off', 'others', 'unknown', ''])
    assert.equal(
      asPage(await browser.open(address.replace('connection=corp', `connection=${name}`))).status,
      400,
      name,
    );
  assert.equal(asPage(await new Browser(house.server).open(address)).status, 400);
  assert.equal(asPage(await browser.open('/u/login/federated?state=unknown&connection=corp')).status, 400);
  const quiet = await browser.openApp(address.replace('connection=corp', 'connection=quiet'));
  assert.equal(quiet.url.origin, house.provider.issuer, 'it has no button, and may be used all the same');
});

test('/authorize with a connection that cannot be used', async () => {
  for (const [connection, text] of [
    ['off', 'the connection was disabled'],
    ['others', 'the connection was disabled'],
    ['unknown', 'the connection was not found'],
  ] as const) {
    const arrival = asArrival(await new Browser(house.server).open(start({ connection })));
    assert.deepEqual([arrival.parameters.error, arrival.parameters.error_description], ['invalid_request', text]);
  }
});
