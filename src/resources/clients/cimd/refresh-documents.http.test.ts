/** What becomes of clients when their documents and keys change, or can no longer be had; and that nobody can make us ask too often. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { asPage, authorizeUrl, Browser } from '../../../../test/browser.ts';
import { documentHost } from '../../../../test/document-host.ts';
import { CONNECTION } from '../../../../test/fixtures.ts';
import { foreignKey, foreignToken } from '../../../../test/foreign-issuer.ts';
import { managementToken } from '../../../../test/management.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import { changeSettings } from '../../../../test/token-fixture.ts';
import { connectionsOf, findConnectionByName } from '../../connections/index.ts';
import { logsOf } from '../../logs/index.ts';
import { clientCredentialsOf, documentCopiesCollection } from '../index.ts';

const URL_ID = 'https://partner.test/client.json';
const KEYS = 'https://partner.test/jwks.json';
const PUBLIC = {
  client_id: URL_ID,
  client_name: 'Partner',
  redirect_uris: ['https://partner.test/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};
const CONFIDENTIAL = { ...PUBLIC, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: KEYS };
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

const host = documentHost();
const first = foreignKey('first');
const second = foreignKey('second');
let server: TestServer;
let id: string;

before(async () => {
  server = await testServer({ outbound: host.outbound });
  await changeSettings(server.ctx, { client_id_metadata_document_supported: true });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(connection);
  await connectionsOf(server.ctx).put({ ...connection, is_domain_connection: true });
});
after(() => server.close());
beforeEach(() => register(PUBLIC));
afterEach(async () => {
  const answer = await manage('DELETE', `clients/${id}`);
  assert.equal(answer.status, 204, answer.text);
  assert.equal(await server.ctx.store.collection(documentCopiesCollection).count(), 0);
});

// The clock moves: a token of its own for each call.
async function manage(method: string, path: string, json?: object) {
  const scopes = ['create:clients', 'update:clients', 'read:clients', 'delete:clients'];
  const bearer = await managementToken(server, scopes);
  return server.request(method, `/api/v2/${path}`, { bearer, ...(json ? { json } : {}) });
}

const read = async () => (await manage('GET', `clients/${id}`)).json;

function publish(document: unknown, headers: Record<string, string> = {}, keys: readonly object[] = [first.jwk]): void {
  host.pages.set(URL_ID, { body: document, headers });
  host.pages.set(KEYS, { body: { keys } });
}

async function register(document: object, headers?: Record<string, string>): Promise<void> {
  publish(document, headers);
  const answer = await manage('POST', 'clients/cimd/register', { external_client_id: URL_ID });
  assert.ok(answer.status < 300, answer.text);
  id = answer.json.client_id;
  host.asked.length = 0;
}

/** `seconds` later the server looks at what is due. */
async function later(seconds: number): Promise<void> {
  server.clock.advance(seconds);
  await server.app.deliverDue();
}

async function events(): Promise<[string, string][]> {
  const rows = await logsOf(server.ctx).list({ where: { client_id: id }, orderBy: 'log_id' });
  return rows
    .filter(({ type }) => type === 'sapi' || type === 'fapi')
    .map(({ type, description }) => [type, String(description)]);
}

const login = async () => asPage(await new Browser(server).open(authorizeUrl({ client_id: URL_ID, ...pkce })));
const pkce = {
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
  scope: undefined,
  redirect_uri: 'https://partner.test/callback',
};

test('external_client_id: a document that is no longer fresh is asked for again, and what it says counts', async () => {
  await later(59 * MINUTE);
  assert.deepEqual(host.asked, []);
  const callbacks = ['https://partner.test/callback', 'https://partner.test/new'];
  publish({ ...PUBLIC, client_name: 'Renamed', redirect_uris: callbacks });
  await later(MINUTE);
  assert.deepEqual(host.asked, [URL_ID]);
  const { name, callbacks: kept } = await read();
  assert.deepEqual([name, kept], ['Renamed', callbacks]);
  assert.match((await login()).html, /Renamed/);
  assert.deepEqual((await events()).at(-1), ['sapi', 'Update a client from its metadata document']);
  const said = (await events()).length;
  await later(60 * MINUTE);
  assert.equal(host.asked.length, 2);
  assert.equal((await events()).length, said, 'no change, no event');
});

test('external_client_id: as often as Cache-Control says, between five minutes and a day', async () => {
  for (const [header, seconds] of [
    ['max-age=1800', 30 * MINUTE],
    ['no-store', 5 * MINUTE],
    ['max-age=31536000', DAY],
  ] as const) {
    await register(PUBLIC, { 'cache-control': header });
    await later(seconds - 1);
    assert.deepEqual(host.asked, [], header);
    await later(1);
    assert.deepEqual(host.asked, [URL_ID], header);
  }
});

test('external_client_id: with an ETag only the change is sent, and the keys are asked for all the same', async () => {
  await register(CONFIDENTIAL, { etag: '"1"', 'cache-control': 'max-age=600' });
  publish(CONFIDENTIAL, { etag: '"1"', 'cache-control': 'max-age=600' }, [first.jwk, second.jwk]);
  await later(10 * MINUTE);
  assert.deepEqual(host.asked, [URL_ID, KEYS]);
  const kids = (await clientCredentialsOf(server.ctx).list({ where: { client_id: id } })).map(({ kid }) => kid);
  assert.deepEqual(kids.toSorted(), ['first', 'second']);
  publish({ ...CONFIDENTIAL, client_name: 'Other' }, { etag: '"2"' });
  await later(10 * MINUTE);
  assert.equal((await read()).name, 'Other');
});

test('external_client_id: one that cannot be had or is wrong changes nothing, is told once, and tried again', async () => {
  const told = (await events()).length;
  host.pages.delete(URL_ID);
  await later(60 * MINUTE);
  const reason = `The metadata document at ${URL_ID} could not be applied: it cannot be reached`;
  assert.deepEqual((await events()).slice(told), [['fapi', reason]]);
  await later(15 * MINUTE);
  assert.deepEqual([host.asked.length, (await events()).length], [2, told + 1], 'the same reason is told once');
  publish({ ...PUBLIC, client_id: 'https://evil.test/' });
  await later(15 * MINUTE);
  assert.match((await events()).at(-1)?.[1] ?? '', /client_id/);
  assert.equal((await read()).name, 'Partner');
  assert.equal((await login()).status, 200);
  publish({ ...PUBLIC, client_name: 'Back' });
  await later(15 * MINUTE);
  assert.equal((await read()).name, 'Back');
});

test('external_client_id: after a week without a right document the client is nobody, until there is one', async () => {
  host.pages.delete(URL_ID);
  await later(60 * MINUTE);
  await later(7 * DAY - 1);
  assert.equal((await login()).path, '/u/login');
  await later(15 * MINUTE);
  assert.match((await login()).html, /Unknown client/);
  const shown = await read();
  assert.deepEqual([shown.name, 'external_metadata_lapsed' in shown], ['Partner', false]);
  publish(PUBLIC);
  await later(15 * MINUTE);
  assert.equal((await login()).path, '/u/login');
});

test('external_client_id: several processes ask once, and requests ask for nothing', async () => {
  server.clock.advance(DAY);
  for (let times = 0; times < 20; times++) await login();
  assert.deepEqual(host.asked, []);
  await Promise.all(Array.from({ length: 20 }, () => server.app.deliverDue()));
  assert.deepEqual(host.asked, [URL_ID]);
  await changeSettings(server.ctx, { client_id_metadata_document_supported: false });
  await later(DAY);
  assert.equal(host.asked.length, 1, 'nothing is asked where the tenant has it switched off');
  await changeSettings(server.ctx, { client_id_metadata_document_supported: true });
});

async function authenticate(key: ReturnType<typeof foreignKey>): Promise<string> {
  const now = Math.floor(server.clock.now() / 1000);
  const claims = { iss: URL_ID, sub: URL_ID, aud: server.issuer, exp: now + 60, jti: randomUUID() };
  const client_assertion = await foreignToken(key, claims);
  const form = { grant_type: 'refresh_token', refresh_token: 'x', client_assertion_type: ASSERTION, client_assertion };
  return (await server.post('/oauth/token', { form })).json.error;
}

test('jwks_uri: a key that nobody knows has the keys asked for, once in five minutes', async () => {
  await register(CONFIDENTIAL, { 'cache-control': 'max-age=86400' });
  assert.equal(await authenticate(first), 'invalid_grant', 'known: past the authentication');
  publish(CONFIDENTIAL, {}, [second.jwk]);
  assert.equal(await authenticate(second), 'access_denied');
  assert.deepEqual(host.asked, [], 'they were fetched a moment ago');
  server.clock.advance(5 * MINUTE);
  assert.equal(await authenticate(second), 'invalid_grant');
  assert.deepEqual(host.asked, [KEYS]);
  assert.equal(await authenticate(first), 'access_denied', 'the old key is gone');
  for (const name of ['a', 'b', 'c']) assert.equal(await authenticate(foreignKey(name)), 'access_denied');
  assert.deepEqual(host.asked, [KEYS]);
  server.clock.advance(5 * MINUTE);
  const strangers = Array.from({ length: 20 }, (_, at) => authenticate(foreignKey(`k${at}`)));
  assert.ok((await Promise.all(strangers)).every((error) => error === 'access_denied'));
  assert.deepEqual(host.asked, [KEYS, KEYS]);
  host.pages.delete(KEYS);
  server.clock.advance(5 * MINUTE);
  assert.equal(await authenticate(foreignKey('d')), 'access_denied');
  assert.equal(await authenticate(second), 'invalid_grant', 'what cannot be had takes no key away');
});
