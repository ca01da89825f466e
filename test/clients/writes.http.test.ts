/** Whatever is written of a client is read back: made at random, changed at random, and sent back whole. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { issueCertificate } from '../certificates.ts';
import type { Answer } from '../server.ts';
import { type Body, changes, knownIn, newClients, updateSchema } from './client-bodies.ts';
import { type ClientHouse, clientHouse } from './client-house.ts';
import { COMPLETED, DERIVED, mergedClient } from './merged-client.ts';
import type { Known } from './schema-values.ts';

const RUNS = 60;

let house: ClientHouse;
let known: Known;

before(async () => {
  house = await clientHouse();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  known = await knownIn(house, pem, issueCertificate('somebody').cert);
});
after(() => house.close());

/** How many members the metadata of a client has at most: counted when a change is merged. */
const MOST_METADATA = 10;

const countMetadata = ({ client_metadata }: Body): number => Object.keys(client_metadata ?? {}).length;
const tooMuch = (count: number) =>
  `Payload validation error: 'Too many properties defined (${count}), maximum ${MOST_METADATA}' on property client_metadata.`;

/** Counts how often what is right by itself was taken, and how often it did not go together. */
function newTally() {
  const refused: string[] = [];
  let taken = 0;
  return {
    /**
     * Was it taken? If not, the schema had no part in the refusal: every property is right, and they do not go together; or the
     * `metadata` members that the client would have are too many.
     */
    count({ status, json, text }: Answer, metadata = 0): boolean {
      assert.ok(status >= 300 || metadata <= MOST_METADATA, text);
      if (status < 300) taken += 1;
      else {
        assert.ok([400, 409].includes(status), text);
        if (metadata <= MOST_METADATA || json.message !== tooMuch(metadata))
          assert.doesNotMatch(json.message, / on property |Expected type|not allowed: \w+'\.$|required property/, text);
        refused.push(json.message);
      }
      return status < 300;
    },
    /** Most of what was tried must have been taken, or nothing was shown. */
    assertMostTaken: () => assert.ok(taken > refused.length, `${taken} taken; refused: ${refused.join('\n')}`),
  };
}

function assertHolds(shown: unknown, sent: unknown, name: string): void {
  if (COMPLETED.includes(name)) assert.deepEqual({ ...(shown as object), ...(sent as object) }, shown, name);
  else assert.deepEqual(shown, sent, name);
}

function assertRead(shown: Body, expected: Body): void {
  const names = new Set([...Object.keys(shown), ...Object.keys(expected)]);
  for (const name of names) if (!DERIVED.includes(name)) assertHolds(shown[name], expected[name], name);
  assert.equal(shown.cross_origin_auth, shown.cross_origin_authentication);
}

/** What follows of a change besides what it names. */
function assertFollows(before: Body, change: Body, shown: Body): void {
  const logout = change.oidc_logout ?? change.oidc_backchannel_logout;
  if (logout) assert.deepEqual(shown.oidc_logout ?? shown.oidc_backchannel_logout, logout);
  if (logout === null) assert.deepEqual([shown.oidc_logout, shown.oidc_backchannel_logout], [undefined, undefined]);
  if (change.token_endpoint_auth_method !== 'none' || change.grant_types !== undefined) return;
  const kept = (before.grant_types as string[]).filter((grant) => grant !== 'client_credentials');
  assert.deepEqual(shown.grant_types, kept, 'who proves nothing loses what needs a proof');
}

test('a client of any properties is read back as it was sent', async () => {
  const tally = newTally();
  await fc.assert(
    fc.asyncProperty(newClients(known), async (body) => {
      const answer = await house.manage('POST', 'clients', body);
      if (!tally.count(answer)) return;
      const shown = await house.read(answer.json);
      const sent = mergedClient({}, body);
      assertRead({ ...shown, ...answer.json }, { ...shown, ...sent });
      assertRead(shown, { ...shown, ...sent });
      for (const name of Object.keys(body).filter((one) => body[one] === null)) assert.ok(!(name in shown), name);
    }),
    { numRuns: RUNS },
  );
  tally.assertMostTaken();
});

test('a change is merged, replaces and removes as the rules say, and leaves all else; a refused one changes nothing', async () => {
  const tally = newTally();
  await fc.assert(
    fc.asyncProperty(
      newClients(known),
      fc.array(changes(known), { minLength: 1, maxLength: 4 }),
      async (body, list) => {
        const made = await house.manage('POST', 'clients', body);
        fc.pre(made.status === 201);
        for (const change of list) {
          const before = await house.read(made.json);
          const expected = mergedClient(before, change);
          const answer = await house.manage('PATCH', `clients/${made.json.client_id}`, change);
          const taken = tally.count(answer, countMetadata(expected));
          const shown = await house.read(made.json);
          if (!taken) assert.deepEqual(shown, before);
          else {
            const isPublic = change.token_endpoint_auth_method === 'none' && change.grant_types === undefined;
            assertRead(shown, isPublic ? { ...expected, grant_types: shown.grant_types } : expected);
            assertFollows(before, change, shown);
          }
        }
      },
    ),
    { numRuns: RUNS },
  );
  tally.assertMostTaken();
});

test('a client that is sent back whole, without what nobody may write, is taken and stays as it was', async () => {
  const writable = Object.keys(updateSchema.properties ?? {});
  await fc.assert(
    fc.asyncProperty(newClients(known), async (body) => {
      const made = await house.manage('POST', 'clients', body);
      fc.pre(made.status === 201);
      const before = await house.read(made.json);
      const whole = Object.fromEntries(Object.entries(before).filter(([name]) => writable.includes(name)));
      const answer = await house.manage('PATCH', `clients/${made.json.client_id}`, whole);
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(await house.read(made.json), before);
      const refused = await house.manage('PATCH', `clients/${made.json.client_id}`, before);
      assert.match(refused.json.message, /Additional properties not allowed: .*client_id/);
    }),
    { numRuns: RUNS },
  );
});

test('client_metadata: a change is taken exactly while what it leaves has at most ten members', async () => {
  const members = (value: fc.Arbitrary<string | null>) =>
    fc.dictionary(fc.constantFrom(...'abcdefghijklmn'), value, {
      maxKeys: MOST_METADATA,
      noNullPrototype: true,
    });
  const text = fc.string({ minLength: 1, maxLength: 5 });
  const first = members(text);
  const change = members(fc.option(text));
  const full = Object.fromEntries([...'abcdefghij'].map((name) => [name, 'kept']));
  await fc.assert(
    fc.asyncProperty(first, change, async (client_metadata, changed) => {
      const before = await house.create({ client_metadata });
      const answer = await house.manage('PATCH', `clients/${before.client_id}`, { client_metadata: changed });
      const expected = mergedClient({ client_metadata }, { client_metadata: changed });
      const count = countMetadata(expected);
      const kept = (await house.read(before)).client_metadata ?? {};
      if (count <= MOST_METADATA) assert.deepEqual([answer.status, kept], [200, expected.client_metadata]);
      else assert.deepEqual([answer.status, answer.json.message, kept], [400, tooMuch(count), client_metadata]);
    }),
    {
      numRuns: RUNS,
      examples: [
        [full, { k: 'eleventh' }],
        [full, { a: null, k: 'again the tenth' }],
      ],
    },
  );
});
