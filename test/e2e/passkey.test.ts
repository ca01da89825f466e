/** Passkeys in a real browser, with an authenticator of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { PASSWORD } from '../fixtures.ts';
import { addPasskeyClient, addPasskeyDatabase, PASSKEY } from '../passkeys.ts';
import type { Credentials } from '../token-fixture.ts';
import { type House, look, openHouse } from './house.ts';

let house: House;
let client: Credentials;
let callback: string;
let context: BrowserContext;
let page: Page;

before(async () => {
  house = await openHouse();
  callback = `${house.appUrl}/callback`;
  const tenant = { ctx: house.server.ctx } as Parameters<typeof addPasskeyClient>[0];
  client = await addPasskeyClient(tenant, {
    name: 'Shop',
    callbacks: [callback],
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  });
  await addPasskeyDatabase(tenant, 'db', client.client_id);
  context = await house.visit();
  page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
});
after(async () => {
  await context.close();
  await house.close();
});

/** The server over plain HTTP: browsers have no passkeys where a certificate is not trusted. */
const url = () => house.server.plainUrl;

async function post(path: string, body: object) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const json = (await answer.json()) as Record<string, never>;
  assert.equal(answer.status, 200, JSON.stringify(json));
  return json;
}

async function begin(): Promise<void> {
  const address = new URL(`${url()}/authorize`);
  const parameters = { response_type: 'code', redirect_uri: callback, scope: 'openid email', state: 'the state' };
  address.search = new URLSearchParams({ client_id: client.client_id, ...parameters }).toString();
  await page.goto(address.href);
}

/** `navigator.credentials.create()` as an application calls it. */
const CREATE = `(async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return (await navigator.credentials.create({ publicKey })).toJSON();
})`;

test('a passkey that the browser made signs up, and logs in on the page', async () => {
  await begin();
  const user_profile = { email: 'ada@example.test' };
  const made = await post('/passkey/register', { ...client, realm: 'db', user_profile });
  const authn_response = await page.evaluate(`${CREATE}(${JSON.stringify(made.authn_params_public_key)})`);
  const { auth_session } = made;
  const tokens = await post('/oauth/token', { grant_type: PASSKEY, ...client, auth_session, authn_response });
  assert.ok(tokens.access_token);
  await page.getByRole('link', { name: 'Continue with a passkey' }).click();
  await look(page, 'passkey');
  await page.getByRole('button', { name: 'Use your passkey' }).click();
  await page.waitForURL(`${callback}**`);
  const arrived = new URL(page.url());
  assert.ok(arrived.searchParams.get('code'), page.url());
});

/** The browser that is tested shows nobody what it would fill in: it answers at once, as if the first passkey were taken. */
const TAKE_THE_FIRST = `
PublicKeyCredential.isConditionalMediationAvailable = async () => true;
const get = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = ({ mediation, ...asked }) => {
  if (mediation !== 'conditional') throw new Error('the browser was to show a dialog');
  return get(asked);
};`;

test('a passkey that the browser offers among what it fills in logs in, without another page', async () => {
  await context.clearCookies();
  const offered = await context.newPage();
  const session = await context.newCDPSession(offered);
  await session.send('WebAuthn.enable');
  const internal = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  const options = { ...internal, hasUserVerification: true, isUserVerified: true };
  await session.send('WebAuthn.addVirtualAuthenticator', { options });
  page = offered;
  await begin();
  assert.equal(await offered.getByLabel('Email address').getAttribute('autocomplete'), 'username webauthn');
  await look(offered, 'passkey-autofill');
  const user_profile = { email: 'eve@example.test' };
  const made = await post('/passkey/register', { ...client, realm: 'db', user_profile });
  const authn_response = await offered.evaluate(`${CREATE}(${JSON.stringify(made.authn_params_public_key)})`);
  const { auth_session } = made;
  await post('/oauth/token', { grant_type: PASSKEY, ...client, auth_session, authn_response });
  await offered.addInitScript(TAKE_THE_FIRST);
  await begin().catch(() => {});
  await offered.waitForURL(`${callback}**`);
  assert.ok(new URL(offered.url()).searchParams.get('code'), offered.url());
});

test('who logs in with a password is offered a passkey, makes it, and logs in with it', async () => {
  await context.clearCookies();
  page = await context.newPage();
  const devices = await page.context().newCDPSession(page);
  await devices.send('WebAuthn.enable');
  const internal = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  const options = { ...internal, hasUserVerification: true, isUserVerified: true };
  await devices.send('WebAuthn.addVirtualAuthenticator', { options });
  const made = { client_id: client.client_id, connection: 'db', email: 'joan@example.test', password: PASSWORD };
  await post('/dbconnections/signup', made);
  const logIn = async () => {
    await begin();
    await page.getByLabel('Email address').fill('joan@example.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.waitForURL('**/u/passkey-enrollment?**');
  };
  await logIn();
  await look(page, 'passkey-enrollment');
  await page.getByRole('button', { name: 'Continue without a passkey' }).click();
  await page.waitForURL(`${callback}**`);
  await context.clearCookies();
  await logIn();
  await page.getByRole('button', { name: 'Create a passkey' }).click();
  await page.waitForURL(`${callback}**`);
  assert.ok(new URL(page.url()).searchParams.get('code'), page.url());
  await context.clearCookies();
  // The browser that is tested shows nobody what it would fill in: it takes the passkey at once.
  await begin().catch(() => {});
  await page.waitForURL(`${callback}**`);
  assert.ok(new URL(page.url()).searchParams.get('code'), page.url());
});

test('without scripts the page says what is missing, and leads back', async () => {
  const plain = await house.visit({ javaScriptEnabled: false });
  const other = await plain.newPage();
  const address = new URL(`${url()}/authorize`);
  const parameters = { response_type: 'code', redirect_uri: callback, scope: 'openid', client_id: client.client_id };
  address.search = new URLSearchParams(parameters).toString();
  await other.goto(address.href);
  await other.getByRole('link', { name: 'Continue with a passkey' }).click();
  assert.ok(await other.getByText('Passkeys need a browser that knows them').isVisible());
  await look(other, 'passkey-without-scripts');
  await other.getByRole('link', { name: 'Log in with your password' }).click();
  assert.ok(await other.getByLabel('Email address').isVisible());
  await plain.close();
});
