import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { HttpResponseHeadersUtils } from 'auth0';
import { type Answer, START, type TestServer, testServer } from '../../../test/server.ts';
import {
  API,
  addApi,
  addClient,
  addClientGrant,
  type Credentials,
  changeSettings,
  logTypes,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { tokenUsageOf } from '../../protection/token-quota.store.ts';
import { clientGrantsOf } from '../../resources/client-grants/index.ts';
import { clientsOf, type StoredClient } from '../../resources/clients/index.ts';
import { createOrganization, type Organization, organizationsOf } from '../../resources/organizations/index.ts';

let server: TestServer;
let client: Credentials;
let acme: Organization;

before(async () => {
  server = await testServer();
  await addApi(server.ctx);
});
after(() => server.close());
let count = 0;
beforeEach(async () => {
  client = await addClient(server.ctx);
  await addClientGrant(server.ctx, client.client_id, ['read:things']);
  const grant = await clientGrantsOf(server.ctx).find({ client_id: client.client_id });
  const any = { organization_usage: 'allow', allow_any_organization: true } as const;
  await clientGrantsOf(server.ctx).put({ ...grant!, ...any });
  acme = await createOrganization(server.ctx, { name: `acme-${++count}` });
  await changeSettings(server.ctx, { default_token_quota: null });
});

const ask = (form: Record<string, string> = {}) =>
  server.post('/oauth/token', { form: { grant_type: 'client_credentials', ...client, audience: API, ...form } });
const quota = (client_credentials: { enforce?: boolean; per_hour?: number; per_day?: number }) => ({
  client_credentials,
});
async function limitClient(token_quota: StoredClient['token_quota']) {
  await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, token_quota }) as StoredClient);
}
const CLIENT = 'auth0-client-quota-limit';
const ORGANIZATION = 'auth0-organization-quota-limit';
const EXCEEDED = [429, 'too_many_requests', 'Client quota exceeded'];
/** Seconds until the hour and the day of the frozen clock end. */
const remaining = (ms: number) => Math.ceil((ms - (server.clock.now() % ms)) / 1000);
const hour = () => remaining(3_600_000);
const day = () => remaining(86_400_000);

test('without a quota nothing is counted and nothing is said', async () => {
  const before = await tokenUsageOf(server.ctx).count();
  const answer = await ask({ organization: acme.id });
  assert.deepEqual([answer.status, answer.headers[CLIENT], answer.headers[ORGANIZATION]], [200, undefined, undefined]);
  assert.equal(await tokenUsageOf(server.ctx).count(), before);
});

test('a client has as many tokens as its quota, and again with the next hour', async () => {
  await limitClient(quota({ enforce: true, per_hour: 2, per_day: 3 }));
  const first = await ask();
  assert.equal(first.headers[CLIENT], `b=per_hour;q=2;r=1;t=${hour()},b=per_day;q=3;r=2;t=${day()}`);
  assert.equal((await ask()).status, 200);
  const refused = await ask();
  assert.deepEqual(refusalOf(refused), EXCEEDED);
  assert.equal(refused.headers[CLIENT], `b=per_hour;q=2;r=0;t=${hour()},b=per_day;q=3;r=1;t=${day()}`);
  assert.equal(refused.headers['retry-after'], String(hour()));
  assert.deepEqual((await logTypes(server)).slice(-1), ['feccft']);

  server.clock.advance(hour());
  assert.equal((await ask()).status, 200, 'the refused ones counted nowhere');
  const daily = await ask();
  assert.deepEqual(refusalOf(daily), EXCEEDED);
  assert.equal(daily.headers['retry-after'], String(day()));
  server.clock.advance(day());
  assert.equal((await ask()).status, 200);
});

test('a request that is refused for something else counts nowhere', async () => {
  await limitClient(quota({ per_hour: 1 }));
  assert.equal((await ask({ scope: 'write:things' })).status, 403);
  assert.equal((await ask({ client_secret: 'wrong' })).status, 401);
  assert.equal((await ask()).status, 200);
  assert.deepEqual(refusalOf(await ask()), EXCEEDED);
});

test('of a hundred at once as many succeed as there are left', async () => {
  await limitClient(quota({ per_hour: 7, per_day: 1000 }));
  await organizationsOf(server.ctx).put({ ...acme, token_quota: quota({ per_hour: 5 }) });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask({ organization: acme.id })));
  const granted = answers.filter(({ status }) => status === 200);
  assert.equal(granted.length, 5);
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    assert.equal(answer.status, 429);
    assert.equal(answer.json.error_description, 'Organization quota exceeded');
  }
  const left = await Promise.all(Array.from({ length: 10 }, () => ask()));
  assert.equal(left.filter(({ status }) => status === 200).length, 2, 'the client has what the organization refused');
});

test('the quota of an organization is shared by its clients, and by nobody else', async () => {
  await organizationsOf(server.ctx).put({ ...acme, token_quota: quota({ per_day: 1 }) });
  const answer = await ask({ organization: acme.id });
  assert.equal(answer.headers[ORGANIZATION], `b=per_day;q=1;r=0;t=${day()}`);
  const second = client;
  client = await addClient(server.ctx);
  await addClientGrant(server.ctx, client.client_id, ['read:things']);
  const grant = await clientGrantsOf(server.ctx).find({ client_id: client.client_id });
  await clientGrantsOf(server.ctx).put({ ...grant!, organization_usage: 'allow', allow_any_organization: true });
  const refused = await ask({ organization: acme.id });
  assert.deepEqual(refusalOf(refused), [429, 'too_many_requests', 'Organization quota exceeded']);
  assert.equal((await ask()).status, 200);
  client = second;
  assert.equal((await ask()).status, 200);
});

test('the tenant’s default applies to those without a quota of their own', async () => {
  const clients = quota({ per_hour: 1 });
  await changeSettings(server.ctx, { default_token_quota: { clients, organizations: quota({ per_hour: 2 }) } });
  const answer = await ask({ organization: acme.id });
  assert.equal(answer.headers[CLIENT], `b=per_hour;q=1;r=0;t=${hour()}`);
  assert.equal(answer.headers[ORGANIZATION], `b=per_hour;q=2;r=1;t=${hour()}`);
  assert.deepEqual(refusalOf(await ask()), EXCEEDED);
  await limitClient(quota({ per_hour: 3 }));
  assert.equal((await ask({ organization: acme.id })).status, 200);
  assert.equal((await ask({ organization: acme.id })).json.error_description, 'Organization quota exceeded');
});

test('a quota that is not enforced is counted and logged once', async () => {
  await limitClient(quota({ enforce: false, per_hour: 1 }));
  const before = (await logTypes(server)).length;
  const answers: Answer[] = [];
  for (let i = 0; i < 3; i++) answers.push(await ask());
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal(answers[2]?.headers[CLIENT], `b=per_hour;q=1;r=0;t=${hour()}`);
  const types = (await logTypes(server)).slice(before);
  assert.deepEqual(
    types.filter((type) => type === 'api_limit_warning'),
    ['api_limit_warning'],
  );
});

test('Auth0’s own SDK reads the headers', async () => {
  await limitClient(quota({ per_hour: 10, per_day: 100 }));
  const { headers } = await ask();
  const read = HttpResponseHeadersUtils.getClientQuotaLimit({ [CLIENT]: headers[CLIENT] ?? '' });
  assert.deepEqual(read, {
    perHour: { quota: 10, remaining: 9, resetAfter: hour() },
    perDay: { quota: 100, remaining: 99, resetAfter: day() },
  });
  assert.ok(server.clock.now() > START);
});
