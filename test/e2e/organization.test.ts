/** Organizations as people meet them: the pages that ask for one, without JavaScript, and a single-page application that insists on one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { clientsOf, type StoredClient } from '../../src/resources/clients/index.ts';
import { findConnectionByName } from '../../src/resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createInvitation,
  createOrganization,
  type Organization,
  ticketOf,
} from '../../src/resources/organizations/index.ts';
import { addApplication, addPerson, addPublicApplication, CONNECTION, PASSWORD } from '../fixtures.ts';
import { type House, look, openHouse } from './house.ts';

const SDK = new URL('../../node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', import.meta.url);
const APPLICATION = `<!doctype html><title>Application</title><h1>Application</h1>
<script src="/auth0-spa-js.js"></script>
<script type="module">
  const { domain, clientId, organization } = await (await fetch('/settings.js')).json();
  window.client = new auth0.Auth0Client({
    domain, clientId, useRefreshTokens: true, cacheLocation: 'localstorage',
    authorizationParams: { redirect_uri: location.origin + '/callback', organization, scope: 'openid email offline_access' },
  });
  if (location.search.includes('state=')) {
    try { await client.handleRedirectCallback(); } catch (error) { window.failure = String(error); }
    history.replaceState(null, '', '/');
  }
  document.body.dataset.ready = 'yes';
</script>`;

const files: Record<string, string> = { '/': APPLICATION, '/auth0-spa-js.js': readFileSync(SDK, 'utf8') };
let house: House;
let clientId: string;
let acme: Organization;
let globex: Organization;

before(async () => {
  house = await openHouse(files);
  const { ctx } = house.server;
  ({ client_id: clientId } = await addApplication(ctx, {
    name: 'Shop',
    callbacks: [`${house.appUrl}/callback`],
    initiate_login_uri: 'https://shop.test/login',
    organization_usage: 'require',
  }));
  const colors = { primary: '#8a1538', page_background: '#fbf1f4' };
  acme = await createOrganization(ctx, { name: 'acme', display_name: 'Acme Tools', branding: { colors } });
  globex = await createOrganization(ctx, { name: 'globex', display_name: 'Globex' });
  const connection = await findConnectionByName(ctx, CONNECTION);
  const ada = await addPerson(ctx, 'ada@example.test');
  for (const { id } of [acme, globex]) {
    await addOrganizationConnection(ctx, id, { connection_id: connection!.id });
    await addMember(ctx, id, ada.user_id);
  }
});
after(() => house.close());

async function ask(changes: Partial<StoredClient>) {
  await clientsOf(house.server.ctx).update(clientId, (stored) => ({ ...stored, ...changes }) as StoredClient);
}

async function visiting(parameters: Record<string, string>, steps: (page: Page) => Promise<void>): Promise<void> {
  const context = await house.visit({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    const url = new URL(`${house.server.url}/authorize`);
    const redirect_uri = `${house.appUrl}/callback`;
    const shared = { response_type: 'code', client_id: clientId, redirect_uri, scope: 'openid', state: 'the state' };
    url.search = new URLSearchParams({ ...shared, ...parameters }).toString();
    await page.goto(url.href);
    await steps(page);
  } finally {
    await context.close();
  }
}

async function logIn(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill('ada@example.test');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
}
const isBack = (page: Page) => page.waitForURL(/\/callback\?code=/);

test('the organization is asked for before the login, and its page wears its colours', async () => {
  await ask({
    organization_require_behavior: 'pre_login_prompt',
    organization_discovery_methods: ['email', 'organization_name'],
  });
  await visiting({}, async (page) => {
    await look(page, 'organization-selection');
    await page.getByLabel('Organization name').fill('nowhere');
    await page.getByRole('button', { name: 'Continue' }).click();
    await look(page, 'organization-selection-unknown');
    assert.ok(await page.getByText("We don't know this organization").isVisible());
    await page.getByLabel('Organization name').fill('acme');
    await page.getByRole('button', { name: 'Continue' }).click();
    assert.ok(await page.getByText('at Acme Tools, to continue to Shop').isVisible());
    await look(page, 'organization-login');
    await logIn(page);
    await isBack(page);
  });
});

test('the organization is picked after the login', async () => {
  await ask({ organization_require_behavior: 'post_login_prompt' });
  await visiting({}, async (page) => {
    await logIn(page);
    await page.getByRole('heading', { name: 'Choose an organization' }).waitFor();
    await look(page, 'organization-picker');
    await page.getByRole('button', { name: 'Globex' }).click();
    await isBack(page);
  });
});

test('an invitation leads to an account', async () => {
  const { ctx } = house.server;
  const people = { inviter: { name: 'Grace' }, invitee: { email: 'new@example.test' } };
  const invitation = await createInvitation(ctx, acme, { ...people, client_id: clientId });
  await visiting({ organization: acme.id, invitation: ticketOf(ctx, invitation) }, async (page) => {
    assert.ok(await page.getByText('to join Acme Tools').isVisible());
    assert.equal(await page.getByLabel('Email address').getAttribute('readonly'), '');
    await look(page, 'organization-invitation');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await isBack(page);
  });
});

test('auth0-spa-js logs in to an organization, checks org_id, and renews', async () => {
  const { ctx, domain } = house.server;
  const { client_id } = await addPublicApplication(ctx, {
    callbacks: [`${house.appUrl}/callback`],
    web_origins: [house.appUrl],
    allowed_origins: [house.appUrl],
    organization_usage: 'require',
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
  });
  files['/settings.js'] = JSON.stringify({ domain, clientId: client_id, organization: acme.id });
  const context = await house.visit();
  const page = await context.newPage();
  await page.goto(house.appUrl);
  await page.waitForSelector('[data-ready]');
  await page.evaluate('client.loginWithRedirect()');
  await page.waitForURL(/\/u\/login/);
  await logIn(page);
  await page.waitForSelector('[data-ready]');
  assert.equal(await page.evaluate('window.failure'), undefined);
  const claims = (await page.evaluate('client.getIdTokenClaims()')) as Record<string, unknown>;
  assert.equal(claims.org_id, acme.id);
  await page.evaluate(`client.getTokenSilently({ cacheMode: 'off' })`);
  assert.equal(((await page.evaluate('client.getIdTokenClaims()')) as Record<string, unknown>).org_id, acme.id);
  await context.close();
});
