/** One mistake in a body that is right otherwise: Auth0's 400, in its words, and nothing has changed. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { issueCertificate } from '../certificates.ts';
import type { Answer } from '../server.ts';
import { type Body, changes, createSchema, knownIn, newClients, updateSchema } from './client-bodies.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';
import { type Mistake, mistakesIn } from './schema-mistakes.ts';
import type { Known } from './schema-values.ts';

let house: ClientHouse;
let known: Known;
let app: Made;

before(async () => {
  house = await clientHouse();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  known = await knownIn(house, pem, issueCertificate('somebody').cert);
  app = await house.create({ client_metadata: { a: 'b' }, mobile: { ios: { team_id: 'T' } } });
});
after(() => house.close());

/** Refused for that first of all; what else follows of the same value may be named after it. */
function assertRefused({ status, json }: Answer, message: string, body: unknown): void {
  const { message: said, ...rest } = json;
  const about = JSON.stringify(body);
  assert.deepEqual([status, rest], [400, { statusCode: 400, error: 'Bad Request', errorCode: 'invalid_body' }], about);
  if (!said.startsWith(`${message} (also) `)) assert.equal(said, message, about);
}

const total = async () => (await house.manage('GET', 'clients?include_totals=true')).json.total;

/** Each mistake once, each time in the next of some bodies. */
async function everyMistake(
  mistakes: readonly Mistake[],
  bodies: fc.Arbitrary<Body>,
  send: (body: Body) => Promise<Answer>,
): Promise<void> {
  assert.ok(mistakes.length > 400, String(mistakes.length));
  const around = fc.sample(bodies, 30);
  for (const [at, { name, value, message }] of mistakes.entries()) {
    const body = { ...around[at % around.length], [name]: value };
    assertRefused(await send(body), message, body);
  }
}

test('a new client with any one mistake is refused in these words, and none is made', async () => {
  const before = await total();
  await everyMistake(mistakesIn(createSchema, known), newClients(known), (body) =>
    house.manage('POST', 'clients', body),
  );
  assert.equal(await total(), before);
});

test('a change with any one mistake is refused in these words, and nothing changes', async () => {
  const before = await house.read(app);
  const path = `clients/${app.client_id}`;
  await everyMistake(mistakesIn(updateSchema, known), changes(known), (body) => house.manage('PATCH', path, body));
  assert.deepEqual(await house.read(app), before);
});

test('what nobody may write, and what there is not, is refused whatever stands beside it', async () => {
  const before = await house.read(app);
  const count = await total();
  const foreign = [
    'client_id',
    'tenant',
    'global',
    'signing_keys',
    'cross_origin_auth',
    'external_client_id',
    'surprise',
  ];
  await fc.assert(
    fc.asyncProperty(newClients(known), changes(known), fc.constantFrom(...foreign), async (body, change, name) => {
      const message = `Payload validation error: 'Additional properties not allowed: ${name}'.`;
      assertRefused(await house.manage('POST', 'clients', { ...body, [name]: 'x' }), message, body);
      const changed = { ...change, [name]: 'x' };
      assertRefused(await house.manage('PATCH', `clients/${app.client_id}`, changed), message, changed);
    }),
    { numRuns: 50 },
  );
  assert.deepEqual([await house.read(app), await total()], [before, count]);
});

test('a body that is no object, has no name, or changes nothing', async () => {
  const cases: [method: string, path: string, body: unknown, reason: string][] = [
    ['POST', 'clients', [], 'Expected type object but found type array'],
    ['POST', 'clients', 'text', 'Expected type object but found type string'],
    ['POST', 'clients', {}, 'Missing required property: name'],
    ['PATCH', `clients/${app.client_id}`, {}, 'Too few properties defined (0), minimum 1'],
    ['PATCH', `clients/${app.client_id}`, null, 'Expected type object but found type null'],
  ];
  const count = await total();
  for (const [method, path, body, reason] of cases)
    assertRefused(await house.manage(method, path, body), `Payload validation error: '${reason}'.`, body);
  assert.equal(await total(), count);
});
