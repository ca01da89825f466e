import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asArrival, authorizeUrl, Browser, type Page } from '../../../test/browser.ts';
import {
  ALL_GRANTS,
  addApplication,
  addPerson,
  type Credentials,
  PASSWORD,
  useFactors,
} from '../../../test/fixtures.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { addApi, changeSettings, payloadOf } from '../../../test/token-fixture.ts';
import { halfHash, totpAt } from '../../platform/crypto/index.ts';
import { clientsOf } from '../../resources/clients/index.ts';
import { logsOf } from '../../resources/logs/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { sessionsOf } from '../../resources/sessions/index.ts';
import { usersOf } from '../../resources/users/index.ts';
import { transactionsOf } from '../../transactions/index.ts';
import { authorizationCodesOf } from '../authorization-code.store.ts';

const API = 'https://api.test/';
const SCOPE = 'openid profile email read:things';

let server: TestServer;
let app: Credentials;
let browser: Browser;

type Parameters = Record<string, string | undefined>;
const login = { username: 'ada@example.test', password: PASSWORD };

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx, {
    grant_types: [...ALL_GRANTS, 'implicit'],
    web_origins: ['https://app.test'],
  });
  await addPerson(server.ctx);
  await addApi(server.ctx, {
    token_lifetime: 50_000,
    token_lifetime_for_web: 1234,
    skip_consent_for_verifiable_first_party_clients: true,
  });
});
after(() => server.close());
beforeEach(async () => {
  browser = new Browser(server);
  server.clock.reset();
});

const start = (parameters: Parameters = {}) =>
  authorizeUrl({ client_id: app.client_id, nonce: 'n-1', scope: SCOPE, ...parameters });

/** Leaves the browser with a session. */
async function logIn(): Promise<void> {
  await browser.submitApp(await browser.openPage(start({ response_type: 'code' })), login);
}

const MESSAGE = / data-target-origin="([^"]*)" data-response="([^"]*)"/;
const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** What a page of `web_message` posts, and where. */
function messageOf(page: Page): { origin: string; response: Record<string, unknown> } {
  const [, origin = '', response = ''] = MESSAGE.exec(page.html) ?? [];
  assert.ok(origin, page.html);
  return { origin: decode(origin), response: JSON.parse(decode(response)) };
}

/** The parameters that an answer in `mode` has, each as text; makes sure that they are nowhere else. */
async function answerOf(mode: string, address: string): Promise<Record<string, string>> {
  const reached = await browser.open(address);
  if ('html' in reached) {
    assert.equal(reached.status, 200, reached.html);
    assert.equal(reached.headers['cache-control'], 'no-store');
    assert.equal(reached.headers['referrer-policy'], 'no-referrer');
    if (mode === 'form_post') {
      assert.match(reached.html, /<form method="post" action="https:\/\/app\.test\/callback">/);
      return { ...reached.fields };
    }
    assert.equal(mode, 'web_message');
    const { origin, response } = messageOf(reached);
    assert.equal(origin, 'https://app.test');
    return Object.fromEntries(Object.entries(response).map(([name, value]) => [name, String(value)]));
  }
  const { url } = reached;
  assert.equal(url.origin + url.pathname, 'https://app.test/callback');
  const [said, silent] = mode === 'query' ? [url.search, url.hash] : [url.hash, url.search];
  assert.equal(silent, '');
  return Object.fromEntries(new URLSearchParams(said.slice(1)));
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  code: ['code', 'state'],
  token: ['access_token', 'expires_in', 'token_type', 'state'],
  id_token: ['id_token', 'state'],
  'id_token token': ['access_token', 'expires_in', 'token_type', 'id_token', 'state'],
  'code id_token': ['code', 'id_token', 'state'],
  'code token': ['code', 'access_token', 'expires_in', 'token_type', 'state'],
  'code id_token token': ['code', 'access_token', 'expires_in', 'token_type', 'id_token', 'state'],
};
const shuffled = (type: string) => type.split(' ').reverse().join(' ');

async function exchange(code: string | undefined) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback', ...app };
  return server.post('/oauth/token', { form });
}

function checkIdToken(answer: Record<string, string>): void {
  const claims = payloadOf(answer.id_token ?? '');
  assert.equal(claims.nonce, 'n-1');
  assert.equal(claims.aud, app.client_id);
  assert.equal(claims.iss, 'https://tenant.test/');
  assert.deepEqual([claims.email, claims.nickname], ['ada@example.test', 'ada']);
  assert.equal(typeof claims.sid, 'string');
  assert.equal(claims.at_hash, answer.access_token && halfHash('RS256', answer.access_token));
  assert.equal(claims.c_hash, answer.code && halfHash('RS256', answer.code));
}

for (const [type, members] of Object.entries(TYPES)) {
  const isCodeOnly = type === 'code';
  for (const mode of ['query', 'fragment', 'form_post', 'web_message', undefined]) {
    if (mode === 'query' && !isCodeOnly) continue;
    test(`${type} by ${mode ?? 'the mode that goes with it'}`, async () => {
      await logIn();
      const asked = start({ response_type: shuffled(type), response_mode: mode, audience: API });
      const answer = await answerOf(mode ?? (isCodeOnly ? 'query' : 'fragment'), asked);
      assert.deepEqual(Object.keys(answer), members);
      assert.equal(answer.state, 'xyz');
      if (answer.id_token) checkIdToken(answer);
      if (answer.access_token) {
        const claims = payloadOf(answer.access_token);
        assert.deepEqual([answer.expires_in, answer.token_type], ['1234', 'Bearer']);
        assert.equal(Number(claims.exp) - Number(claims.iat), 1234);
        assert.deepEqual([claims.azp, claims.gty, claims.scope], [app.client_id, undefined, SCOPE]);
      }
      if (!answer.code) return;
      const tokens = await exchange(answer.code);
      assert.equal(tokens.json.expires_in, 50_000, tokens.text);
      assert.equal(payloadOf(tokens.json.id_token).c_hash, undefined);
    });
  }
}

test('over the login page: the answer is the same, and the login ends once', async () => {
  const page = await browser.openPage(start({ response_type: 'code id_token token' }));
  const { state } = page.fields;
  const typed = await server.post(`/u/login?state=${state}`, { jar: browser.jar, form: { state, ...login } });
  const before = await authorizationCodesOf(server.ctx).count();
  const all = await Promise.all(
    Array.from({ length: 5 }, () => server.get(typed.headers.location ?? '', { jar: { ...browser.jar } })),
  );
  const won = all.filter(({ status }) => status === 302);
  assert.equal(won.length, 1);
  assert.match(won[0]?.headers.location ?? '', /^https:\/\/app\.test\/callback#code=/);
  assert.equal(won[0]?.headers['cache-control'], 'no-store');
  assert.equal(won[0]?.headers['referrer-policy'], 'no-referrer');
  assert.equal(await authorizationCodesOf(server.ctx).count(), before + 1);
  assert.equal(await transactionsOf(server.ctx).count(), 0);
});

test('what a request would leak by its query is refused in the fragment', async () => {
  await logIn();
  const answer = await answerOf('fragment', start({ response_type: 'id_token token', response_mode: 'query' }));
  assert.deepEqual(answer, {
    error: 'invalid_request',
    error_description: "Response mode 'query' is not allowed for response type 'id_token token'",
    state: 'xyz',
  });
});

test('each part of the type needs its grant', async () => {
  await logIn();
  const stored = await clientsOf(server.ctx).get(app.client_id);
  assert.ok(stored);
  try {
    for (const [type, grant_types, missing] of [
      ['token', ['authorization_code'], 'implicit'],
      ['id_token', ['authorization_code'], 'implicit'],
      ['code token', ['authorization_code'], 'implicit'],
      ['code token', ['implicit'], 'authorization_code'],
      ['code id_token token', [], 'authorization_code'],
      ['id_token token', [], 'implicit'],
    ] as const) {
      await clientsOf(server.ctx).put({ ...stored, grant_types: [...grant_types] });
      const answer = await answerOf('fragment', start({ response_type: type }));
      assert.equal(answer.error, 'unauthorized_client');
      assert.equal(answer.error_description, `Grant type '${missing}' not allowed for the client.`);
    }
  } finally {
    await clientsOf(server.ctx).put(stored);
  }
});

const REFUSED: readonly [string, Parameters, string, string][] = [
  ['no nonce', { response_type: 'id_token', nonce: undefined }, 'invalid_request', 'Missing required parameter: nonce'],
  [
    'an empty nonce',
    { response_type: 'code id_token', nonce: '' },
    'invalid_request',
    'Missing required parameter: nonce',
  ],
  [
    'no openid',
    { response_type: 'id_token token', scope: 'profile' },
    'invalid_request',
    'openid scope must be requested',
  ],
  [
    'one more word',
    { response_type: 'token code2' },
    'unsupported_response_type',
    'Unsupported response type: token code2',
  ],
  [
    'the word none',
    { response_type: 'token none' },
    'unsupported_response_type',
    'Unsupported response type: token none',
  ],
];

for (const mode of ['fragment', 'form_post', 'web_message']) {
  for (const [name, parameters, error, error_description] of REFUSED) {
    test(`${name}: refused by ${mode}, and nothing comes of it`, async () => {
      await logIn();
      const count = async () => [
        await authorizationCodesOf(server.ctx).count(),
        await transactionsOf(server.ctx).count(),
        await refreshTokensOf(server.ctx).count(),
        (await sessionsOf(server.ctx).list()).map(({ id, last_interacted_at }) => [id, last_interacted_at]),
      ];
      server.clock.advance(60);
      const before = await count();
      const answer = await answerOf(mode, start({ response_mode: mode, ...parameters }));
      assert.deepEqual(answer, { error, error_description, state: 'xyz' });
      assert.deepEqual(await count(), before);
    });
  }
}

test('silent requests: the answer or the reason why not, each with its log row', async () => {
  const lastLog = async () => (await logsOf(server.ctx).list()).at(-1);
  for (const mode of ['fragment', 'form_post', 'web_message']) {
    browser = new Browser(server);
    const asked = start({ response_type: 'id_token token', response_mode: mode, prompt: 'none' });
    const refused = await answerOf(mode, asked);
    assert.deepEqual(refused, { error: 'login_required', error_description: 'Login required', state: 'xyz' });
    assert.equal((await lastLog())?.type, 'fsa');
    await logIn();
    assert.equal((await lastLog())?.type, 's');
    assert.ok((await answerOf(mode, asked)).id_token);
    const row = await lastLog();
    assert.deepEqual([row?.type, row?.client_id, row?.user_name], ['ssa', app.client_id, 'ada@example.test']);
  }
});

test('without an API the access token is for /userinfo, for two hours', async () => {
  await logIn();
  const answer = await answerOf('fragment', start({ response_type: 'token', scope: 'openid email' }));
  assert.equal(answer.expires_in, '7200');
  const ask = () => server.get('/userinfo', { headers: { authorization: `Bearer ${answer.access_token}` } });
  assert.equal((await ask()).json.email, 'ada@example.test');
  server.clock.advance(7201);
  assert.equal((await ask()).status, 401);
});

test('the default audience counts, and its scopes', async () => {
  await changeSettings(server.ctx, { default_audience: API });
  await logIn();
  const answer = await answerOf('fragment', start({ response_type: 'token' }));
  await changeSettings(server.ctx, { default_audience: '' });
  assert.deepEqual(payloadOf(answer.access_token ?? '').aud, [API, 'https://tenant.test/userinfo']);
});

test('scope is said where it is not what was asked for; a refresh token comes only for a code', async () => {
  await logIn();
  const scope = 'openid offline_access read:things fly';
  const implicit = await answerOf('fragment', start({ response_type: 'token', audience: API, scope }));
  assert.equal(implicit.scope, 'openid read:things');
  assert.equal(payloadOf(implicit.access_token ?? '').scope, 'openid read:things');
  assert.equal(implicit.refresh_token, undefined);
  const before = await refreshTokensOf(server.ctx).count();
  const hybrid = await answerOf('fragment', start({ response_type: 'code token', audience: API, scope }));
  assert.equal(hybrid.scope, 'openid read:things');
  assert.equal(await refreshTokensOf(server.ctx).count(), before);
  const tokens = await exchange(hybrid.code);
  assert.match(tokens.json.refresh_token ?? '', /^v1\.M/);
  assert.equal(tokens.json.scope, 'openid offline_access read:things');
});

test('max_age: the ID token says when, over the browser too', async () => {
  await logIn();
  const asked = start({ response_type: 'id_token', max_age: '100' });
  const at = Math.floor(server.clock.now() / 1000);
  server.clock.advance(50);
  assert.equal(payloadOf((await answerOf('fragment', asked)).id_token ?? '').auth_time, at);
  const plain = await answerOf('fragment', start({ response_type: 'id_token' }));
  assert.equal(payloadOf(plain.id_token ?? '').auth_time, undefined);
});

test("an ID token signed with the client's secret carries the hashes of that algorithm", async () => {
  const client = await addApplication(server.ctx, {
    grant_types: ['implicit', 'authorization_code'],
    jwt_configuration: { alg: 'HS256' },
  });
  await logIn();
  const answer = await answerOf(
    'fragment',
    start({ client_id: client.client_id, response_type: 'code id_token token' }),
  );
  const claims = payloadOf(answer.id_token ?? '');
  assert.deepEqual(
    [claims.at_hash, claims.c_hash],
    [halfHash('HS256', answer.access_token ?? ''), halfHash('HS256', answer.code ?? '')],
  );
});

test('a person who is blocked gets no token, whichever way was asked for', async () => {
  const blocked = await addPerson(server.ctx, 'blocked@example.test');
  const page = await browser.openPage(start({ response_type: 'id_token token' }));
  await usersOf(server.ctx).update(blocked.user_id, (user) => ({ ...user, blocked: true }));
  const arrived = asArrival(await browser.submit(page, { username: 'blocked@example.test', password: PASSWORD }));
  assert.equal(new URLSearchParams(arrived.url.hash.slice(1)).get('error_description'), 'user is blocked');
});

test('a second factor: silent requests are told that it is needed, and the ID token says that it was passed', async () => {
  await addPerson(server.ctx, 'careful@example.test');
  const typed = { username: 'careful@example.test', password: PASSWORD };
  const asked = { response_type: 'id_token token' };
  await browser.submitApp(await browser.openPage(start(asked)), typed);
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  try {
    const refused = await answerOf('fragment', start({ ...asked, prompt: 'none' }));
    assert.deepEqual(
      [refused.error, refused.error_description],
      ['login_required', 'Multifactor authentication required'],
    );
    const page = await browser.openPage(start(asked));
    const code = totpAt(/secret=([A-Z2-7]{32})/.exec(page.html)?.[1] ?? '', server.clock.now());
    const { url } = await browser.submitApp(page, { code });
    const claims = payloadOf(new URLSearchParams(url.hash.slice(1)).get('id_token') ?? '');
    assert.deepEqual(
      [claims.amr, claims.acr],
      [['mfa'], 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'],
    );
  } finally {
    await useFactors(server.ctx, []);
  }
});

test('an access token that has to be bound to a key does not come over the browser', async () => {
  const refused = ['invalid_request', 'Proof-of-Possession is required'];
  const outcome = async (response_type: string, audience?: string) => {
    const to = start({ response_type, ...(audience ? { audience } : {}) });
    const opened = await new Browser(server).open(to);
    if ('html' in opened) return 'login';
    const said = new URLSearchParams(opened.url.hash.slice(1));
    return [said.get('error'), said.get('error_description')];
  };
  await clientsOf(server.ctx).update(app.client_id, (client) => ({ ...client, require_proof_of_possession: true }));
  for (const type of ['token', 'token id_token', 'code token']) assert.deepEqual(await outcome(type), refused, type);
  for (const type of ['code', 'id_token', 'code id_token']) assert.equal(await outcome(type), 'login', type);
  await clientsOf(server.ctx).update(app.client_id, (client) => ({ ...client, require_proof_of_possession: false }));
  await addApi(server.ctx, {
    identifier: 'https://bound.test/',
    proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'all_clients' },
  });
  assert.deepEqual(await outcome('token', 'https://bound.test/'), refused);
  assert.equal(await outcome('token', API), 'login');
});
