/** Google One Tap in a real browser: it asks somebody who says to be Google (FedCM), the person chooses, and the login goes on. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { createDevelopmentAuthority, issueServerCertificate } from '../../src/platform/crypto/index.ts';
import { createConnection } from '../../src/resources/connections/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { launchChromium } from '../chromium.ts';
import { type RealServer, startRealServer } from '../compat/real-server.ts';
import { documentHost } from '../document-host.ts';
import { addApplication } from '../fixtures.ts';
import { foreignKey, foreignToken } from '../foreign-issuer.ts';

const CLIENT = 'web.apps.googleusercontent.com';
const CONFIG = 'https://accounts.google.com/gsi/fedcm.json';
const key = foreignKey('google');
/** What the browser asked for, and with what. */
const asked: { path: string; form: URLSearchParams }[] = [];

let google: Server;
let server: RealServer;
let browser: Browser;
let clientId: string;

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new URLSearchParams(Buffer.concat(parts).toString());
}

const PAGES: Readonly<Record<string, object>> = {
  '/.well-known/web-identity': { provider_urls: [CONFIG] },
  '/gsi/fedcm.json': {
    accounts_endpoint: '/gsi/accounts',
    id_assertion_endpoint: '/gsi/issue',
    login_url: '/gsi/login',
  },
  '/gsi/accounts': {
    accounts: [{ id: '42', name: 'Ada', email: 'ada@gmail.test', approved_clients: [CLIENT] }],
  },
};

/** What Google answers to browsers. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', CONFIG).pathname;
  const form = await bodyOf(request);
  asked.push({ path, form });
  response.setHeader('content-type', 'application/json');
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  response.setHeader('access-control-allow-credentials', 'true');
  const token = path === '/gsi/issue' ? { token: await tokenFor(form) } : undefined;
  const body = token ?? PAGES[path];
  response.statusCode = body ? 200 : 404;
  response.end(JSON.stringify(body ?? {}));
}

function tokenFor(form: URLSearchParams): Promise<string> {
  const { nonce } = JSON.parse(form.get('params') ?? '{}');
  const exp = Math.floor(Date.now() / 1000) + 300;
  const about = { sub: form.get('account_id'), email: 'ada@gmail.test', email_verified: true, name: 'Ada' };
  return foreignToken(key, { iss: 'https://accounts.google.com', aud: form.get('client_id'), nonce, exp, ...about });
}

async function startGoogle(): Promise<number> {
  const now = Date.now();
  const authority = await createDevelopmentAuthority({ now });
  const issued = await issueServerCertificate(authority, { hosts: ['accounts.google.com', 'google.com'], now });
  google = createServer(
    { key: issued.privateKeyPem, cert: issued.certPem },
    (request, response) => void answer(request, response),
  );
  await new Promise<void>((resolve) => google.listen(0, '127.0.0.1', resolve));
  return (google.address() as AddressInfo).port;
}

before(async () => {
  const host = documentHost();
  host.pages.set('https://www.googleapis.com/oauth2/v3/certs', { body: { keys: [key.jwk] } });
  server = await startRealServer({ outbound: host.outbound });
  const place = `127.0.0.1:${await startGoogle()}`;
  const hosts = { 'accounts.google.com': place, 'google.com': place, 'www.google.com': place, localhost: '127.0.0.1' };
  browser = await launchChromium({ hosts, flags: ['--ignore-certificate-errors', '--enable-features=FedCm'] });
  const app = await addApplication(server.ctx, {
    callbacks: ['https://localhost:1/callback'],
    fedcm_login: { google: { is_enabled: true } },
  });
  clientId = app.client_id;
  await createConnection(server.ctx, {
    name: 'google-oauth2',
    strategy: 'google-oauth2',
    options: { client_id: CLIENT, client_secret: 'x' },
    enabled_clients: [clientId],
  });
});
after(async () => {
  await browser.close();
  google.close();
  await server.close();
});

test('fedcm_login: the browser offers the account, and who chooses it is logged in', async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void complaints.push(message.text()));
  const devtools = await context.newCDPSession(page);
  await devtools.send('FedCm.enable', { disableRejectionDelay: true });
  devtools.on(
    'FedCm.dialogShown',
    ({ dialogId }) => void devtools.send('FedCm.selectAccount', { dialogId, accountIndex: 0 }),
  );
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: 'https://localhost:1/callback',
    state: 's',
  };
  const arrival = page.waitForRequest((request) => request.url().startsWith('https://localhost:1/callback'), {
    timeout: 15_000,
  });
  await page.goto(`${server.url}/authorize?${new URLSearchParams(parameters)}`);
  const reached = await arrival.catch((error: unknown) => error);
  assert.ok(
    reached && !(reached instanceof Error),
    JSON.stringify({ complaints, asked: asked.map(({ path }) => path) }),
  );
  const { searchParams } = new URL((reached as { url(): string }).url());
  assert.ok(searchParams.get('code'), searchParams.toString());
  assert.equal((await usersOf(server.ctx).get('google-oauth2|42'))?.email, 'ada@gmail.test');
  await context.close();
});
