/** RFC 9449 §10.1: a request that is pushed with a proof binds its code to the key. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { createProver, type Prover } from '../../../test/dpop.ts';
import { addApplication, addPerson, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, refusalOf } from '../../../test/token-fixture.ts';

const CALLBACK = 'https://app.test/callback';

let server: TestServer;
let app: Credentials;
let prover: Prover;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  prover = createProver(server.clock);
  await addPerson(server.ctx);
  await changeSettings(server.ctx, { pushed_authorization_requests_supported: true });
});
after(() => server.close());

const push = (dpop: string, extra: Record<string, string> = {}) =>
  server.post('/oauth/par', {
    form: { ...app, response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', ...extra },
    headers: { dpop },
  });
const proof = (who = prover) => who.proof(`${server.issuer}oauth/par`);

const redeem = (code: string, dpop?: string) =>
  server.post('/oauth/token', {
    form: { ...app, grant_type: 'authorization_code', code, redirect_uri: CALLBACK },
    headers: dpop ? { dpop } : {},
  });

test('the code needs the key that the request was pushed with', async () => {
  const pushed = await push(proof());
  assert.equal(pushed.status, 201, pushed.text);
  const browser = new Browser(server);
  const start = `/authorize?${new URLSearchParams({ client_id: app.client_id, request_uri: pushed.json.request_uri })}`;
  const page = await browser.openPage(start);
  const { parameters } = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  const code = parameters.code ?? '';
  const url = `${server.issuer}oauth/token`;
  const mismatch = [403, 'invalid_grant', 'DPoP proof key thumbprint does not match dpop_jkt'];
  assert.deepEqual(refusalOf(await redeem(code)), mismatch);
  assert.deepEqual(refusalOf(await redeem(code, createProver(server.clock).proof(url))), mismatch);
  const tokens = await redeem(code, prover.proof(url));
  assert.deepEqual([tokens.status, tokens.json.token_type], [200, 'DPoP']);
});

test('dpop_jkt beside the proof must name its key; a proof for another endpoint is none', async () => {
  assert.equal((await push(proof(), { dpop_jkt: prover.jkt })).status, 201);
  const other = createProver(server.clock).jkt;
  const differs = [400, 'invalid_dpop_proof', 'DPoP proof key thumbprint does not match dpop_jkt'];
  assert.deepEqual(refusalOf(await push(proof(), { dpop_jkt: other })), differs);
  const elsewhere = await push(prover.proof(`${server.issuer}oauth/token`));
  assert.deepEqual([elsewhere.status, elsewhere.json.error], [400, 'invalid_dpop_proof']);
});
