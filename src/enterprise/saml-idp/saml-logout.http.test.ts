import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import type { Profile, SAML } from '@node-saml/node-saml';
import { asPage, Browser } from '../../../test/browser.ts';
import { addPerson } from '../../../test/fixtures.ts';
import {
  addSamlClient,
  EMAIL,
  keyPair,
  logIn,
  type Posted,
  posted,
  SLO,
  samlServer,
  serviceProvider,
  textOf,
} from '../../../test/saml-house.ts';
import { eventsOf } from '../../../test/saml-log.ts';
import type { TestServer } from '../../../test/server.ts';
import { verifyEnveloped } from '../../platform/xml/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { samlSessionsOf } from './saml-session.store.ts';

let server: TestServer;

before(async () => {
  server = await samlServer();
  await addPerson(server.ctx, EMAIL);
});
after(() => server.close());

const LOGOUT = { logout: { callback: SLO }, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' };
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

interface Visit {
  readonly clientId: string;
  readonly sp: SAML;
  readonly profile: Profile;
}

/** Somebody who is logged in to an application with these settings, in `browser`. */
async function visit(
  browser: Browser,
  samlp: Readonly<Record<string, unknown>> = LOGOUT,
  options: Parameters<typeof serviceProvider>[2] = {},
): Promise<Visit> {
  const clientId = await addSamlClient(server.ctx, samlp);
  const sp = await serviceProvider(server, clientId, { validateInResponseTo: 'ifPresent' as never, ...options });
  return { clientId, sp, profile: (await logIn(server, sp, { browser })).profile };
}

const askLogout = ({ sp, profile }: Visit, relayState = 'bye') => sp.getLogoutUrlAsync(profile, relayState, {});
const sessions = () => sessionsOf(server.ctx).count();

/** What an application answers to the request that was posted to it. */
async function answerOf({ sp, profile }: Visit, { fields }: Posted, success = true): Promise<string> {
  const request = await sp.validatePostRequestAsync({ ...fields });
  assert.equal(request.profile?.nameID, profile.nameID);
  return sp.getLogoutResponseUrlAsync(request.profile as Profile, fields.RelayState ?? '', {}, success);
}

test('an application ends the session, and is told so', async () => {
  const browser = new Browser(server);
  const here = await visit(browser);
  const before = await sessions();
  const answer = posted(asPage(await browser.open(await askLogout(here))));
  assert.equal(answer.to, SLO);
  assert.equal(answer.fields.RelayState, 'bye');
  assert.deepEqual(await here.sp.validatePostResponseAsync({ ...answer.fields }), { profile: null, loggedOut: true });
  const { cert: certificate } = await currentSigningKey(server.ctx);
  assert.ok(await verifyEnveloped(answer.xml, { certificate, allowSha1: false, id: 'ID' }));
  assert.equal(await sessions(), before - 1);
  assert.equal(
    Object.keys(browser.jar).some((name) => name === 'auth0'),
    false,
  );
  assert.equal((await eventsOf(server, here.clientId, 'slo')).length, 1);
  const again = await browser.openPage(await here.sp.getAuthorizeUrlAsync('', undefined, {}));
  assert.equal(again.path, '/u/login');
});

test('binding and logout.callback say how and where the answer goes', async () => {
  const browser = new Browser(server);
  const here = await visit(browser, { ...LOGOUT, binding: REDIRECT });
  const { url } = await browser.openApp(await askLogout(here));
  assert.equal(url.origin + url.pathname, SLO);
  assert.equal(url.searchParams.get('RelayState'), 'bye');
  const container = Object.fromEntries(url.searchParams);
  const result = await here.sp.validateRedirectAsync(container, url.search.slice(1));
  assert.deepEqual(result, { profile: null, loggedOut: true });
  container.RelayState = 'elsewhere';
  await assert.rejects(here.sp.validateRedirectAsync(container, url.search.slice(1).replace('bye', 'elsewhere')));
});

test('without logout.callback there is nobody to answer, and nothing ends', async () => {
  const browser = new Browser(server);
  const here = await visit(browser, {});
  const before = await sessions();
  const page = await browser.openPage(await askLogout(here));
  assert.equal(page.status, 400);
  assert.match(textOf(page), /The logout URL may be missing or misconfigured/);
  assert.equal((await eventsOf(server, here.clientId, 'flo')).length, 1);
  assert.equal(await sessions(), before);
});

test('all applications of the session hear of it, one after the other', async () => {
  const browser = new Browser(server);
  const first = await visit(browser);
  const second = await visit(browser);
  const third = await visit(browser, { ...LOGOUT, binding: REDIRECT });
  await visit(browser, {});
  await visit(browser, { logout: { callback: SLO, slo_enabled: false } });
  const waiting = new Map([second, third].map((one) => [one.clientId, one]));
  let reached = await browser.open(await askLogout(first));
  while (waiting.size > 0) {
    if ('html' in reached) {
      assert.ok(waiting.delete(second.clientId));
      reached = await browser.open(await answerOf(second, posted(reached)));
    } else {
      assert.ok(waiting.delete(third.clientId));
      const asked = await third.sp.validateRedirectAsync(reached.parameters, reached.url.search.slice(1));
      const relayState = reached.parameters.RelayState ?? '';
      reached = await browser.open(
        await third.sp.getLogoutResponseUrlAsync(asked.profile as Profile, relayState, {}, true),
      );
    }
  }
  const last = posted(asPage(reached));
  assert.equal((await first.sp.validatePostResponseAsync({ ...last.fields })).loggedOut, true);
  assert.equal(last.xml.includes('PartialLogout'), false);
});

test('logout.slo_enabled keeps an application from being asked', async () => {
  const browser = new Browser(server);
  await visit(browser, { logout: { callback: SLO, slo_enabled: false } });
  assert.equal((await server.get('/v2/logout', { jar: browser.jar })).text, 'OK');
});

test('an application that could not end its session makes it a partial logout', async () => {
  const browser = new Browser(server);
  const [first, second] = [await visit(browser), await visit(browser)];
  const asked = posted(asPage(await browser.open(await askLogout(first))));
  const last = posted(asPage(await browser.open(await answerOf(second, asked, false))));
  assert.match(last.xml, /:Success"><samlp:StatusCode Value="[^"]*:PartialLogout"/);
});

test('an answer counts once, from whom it was asked for', async () => {
  const browser = new Browser(server);
  const [first, second] = [await visit(browser), await visit(browser)];
  const asked = posted(asPage(await browser.open(await askLogout(first))));
  const address = await answerOf(second, asked);
  const misplaced = address.replace(second.clientId, first.clientId);
  assert.match(textOf(asPage(await browser.open(misplaced))), /Invalid RelayState/);
  const tries = await Promise.all(Array.from({ length: 20 }, () => new Browser(server).open(address)));
  assert.equal(tries.filter((reached) => 'html' in reached && reached.status === 200).length, 1);
  const forged = new URL(await answerOf(second, asked));
  forged.searchParams.set('RelayState', 'guessed');
  assert.match(textOf(asPage(await browser.open(forged))), /Invalid RelayState/);
});

test('an answer to another request is none', async () => {
  const browser = new Browser(server);
  const [first, second] = [await visit(browser), await visit(browser)];
  const asked = posted(asPage(await browser.open(await askLogout(first))));
  const other = { ...second.profile, ID: '_other' };
  const wrong = await second.sp.getLogoutResponseUrlAsync(other, asked.fields.RelayState ?? '', {}, true);
  assert.match(textOf(asPage(await browser.open(wrong))), /does not answer the request/);
  assert.equal(asPage(await browser.open(await answerOf(second, asked))).status, 200);
});

test('/v2/logout leads over the applications to where it was to lead', async () => {
  const browser = new Browser(server);
  const here = await visit(browser);
  const client = await addSamlClient(server.ctx, {}, { allowed_logout_urls: ['https://app.test/bye'] });
  const query = new URLSearchParams({ client_id: client, returnTo: 'https://app.test/bye' });
  const asked = posted(asPage(await browser.open(`/v2/logout?${query}`)));
  assert.equal(asked.to, SLO);
  const { url } = await browser.openApp(await answerOf(here, asked));
  assert.equal(url.href, 'https://app.test/bye');
  assert.equal(await samlSessionsOf(server.ctx).count({ session_index: here.profile.sessionIndex as string }), 0);
});

test('somebody may log out by coming to the address', async () => {
  const browser = new Browser(server);
  const here = await visit(browser);
  const asked = posted(asPage(await browser.open(`/samlp/${here.clientId}/logout`)));
  assert.match(asked.xml, /<samlp:LogoutRequest /);
  const end = asPage(await browser.open(await answerOf(here, asked)));
  assert.equal(end.html, 'OK');
});

test('a session is ended by who knows it only', async () => {
  const [browser, stranger] = [new Browser(server), new Browser(server)];
  const here = await visit(browser);
  const other = await visit(stranger);
  const before = await sessions();
  const guesses: Profile[] = [
    { ...here.profile, sessionIndex: '_guessed' },
    { ...here.profile, nameID: 'auth0|somebody' },
    { ...here.profile, sessionIndex: other.profile.sessionIndex as string },
  ];
  for (const profile of guesses) {
    const address = await here.sp.getLogoutUrlAsync(profile, '', {});
    assert.equal(posted(asPage(await stranger.open(address))).to, SLO);
  }
  assert.equal(await sessions(), before);
  const { sessionIndex: _index, ...unnamed } = here.profile;
  await stranger.open(await here.sp.getLogoutUrlAsync(unnamed as Profile, '', {}));
  assert.equal(await sessions(), before);
  await browser.open(await here.sp.getLogoutUrlAsync(unnamed as Profile, '', {}));
  assert.equal(await sessions(), before - 1);
});

test('signed: requests and answers of an application with a signingCert', async () => {
  const key = await keyPair(server.ctx);
  const signing = { privateKey: key.privateKeyPem, signatureAlgorithm: 'sha256' as const };
  const settings = { ...LOGOUT, signingCert: key.cert };
  const browser = new Browser(server);
  const here = await visit(browser, settings, signing);
  const unsigned = await serviceProvider(server, here.clientId);
  const before = await sessions();
  const bare = await unsigned.getLogoutUrlAsync(here.profile, '', {});
  assert.match(textOf(asPage(await browser.open(bare))), /MUST be signed/);
  const url = new URL(await askLogout(here));
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  const forged = new URL(url);
  forged.searchParams.set('SAMLRequest', Buffer.from(xml.replace(/ID="_/, 'ID="_x')).toString('base64'));
  assert.match(textOf(asPage(await browser.open(forged))), /signature is not valid/);
  assert.equal(await sessions(), before);
  assert.equal(posted(asPage(await browser.open(url))).to, SLO);
  assert.equal(await sessions(), before - 1);
});
