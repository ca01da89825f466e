/** An application that speaks WS-Federation, in Chromium: the answer posts itself, from our page and from one of the tenant's own. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { clientsOf } from '../../src/resources/clients/index.ts';
import { addPerson, PASSWORD } from '../fixtures.ts';
import { addRelyingParty, EMAIL, type PostedToken, readToken, wsfedUrl } from '../wsfed-house.ts';
import { type House, openHouse, photograph } from './house.ts';

const HOSTILE = `"><script>document.title='owned'</script>'`;
const TEMPLATE =
  '<!doctype html><title>Acme</title><h1>One moment</h1><form method="post" action="@@callback@@">' +
  '<input type="hidden" name="wa" value="wsignin1.0"><input type="hidden" name="wresult" value="@@wresult@@">' +
  "<input type=hidden name=wctx value=@@wctx@@ ></form><script>window.setTimeout('document.forms[0].submit()', 0)</script>";

let house: House;
let party: string;
let application: { readonly url: string; readonly taken: Record<string, string>[]; close(): void };

/** Takes what is posted to it. */
async function openApplication(): Promise<typeof application> {
  const taken: Record<string, string>[] = [];
  const listener = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method === 'POST') taken.push(Object.fromEntries(new URLSearchParams(body)));
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Welcome</title><h1>Welcome</h1>');
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(listener.address() as AddressInfo).port}/signin-wsfed`;
  return { url, taken, close: () => void listener.close() };
}

before(async () => {
  house = await openHouse();
  application = await openApplication();
  await addPerson(house.server.ctx, EMAIL);
  party = await addRelyingParty(house.server.ctx, { callbacks: [application.url] });
});
after(async () => {
  application.close();
  await house.close();
});

async function logIn(): Promise<PostedToken> {
  const browser = await house.visit();
  const page = await browser.newPage();
  await page.goto(`${house.server.url}${wsfedUrl(`/wsfed/${party}`, { wctx: HOSTILE })}`);
  await page.getByLabel(/email/i).first().fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(application.url);
  assert.equal(await page.title(), 'Welcome');
  await photograph(page, 'ws-federation-application');
  await browser.close();
  const fields = application.taken.pop();
  assert.ok(fields);
  return { to: application.url, fields };
}

test('the answer arrives from our page, and from one of the tenant’s own', async () => {
  for (const form_template of [undefined, TEMPLATE]) {
    await clientsOf(house.server.ctx).update(party, (client) => ({ ...client, form_template }));
    const posted = await logIn();
    assert.equal(posted.fields.wctx, HOSTILE);
    assert.deepEqual((await readToken(house.server, posted)).claims['http://schemas.auth0.com/clientID'], [party]);
  }
});
