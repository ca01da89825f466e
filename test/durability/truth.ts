/** Whether everything that was answered is still so, and nothing that was cut off in the middle can be used. */
import assert from 'node:assert/strict';
import { collections } from '../../src/collections.ts';
import type { Store } from '../../src/kernel/index.ts';
import { openStorage, tenantsCollection } from '../../src/platform/storage/index.ts';
import { authenticatorsCollection } from '../../src/resources/authentication-methods/index.ts';
import { logsCollection } from '../../src/resources/logs/index.ts';
import { refreshTokensCollection } from '../../src/resources/refresh-tokens/index.ts';
import { passwordCredentialsCollection, usersCollection } from '../../src/resources/users/index.ts';
import type { Application } from './client.ts';
import type { Chain, Ledger, Person } from './ledger.ts';

const INVALID = /^(401|403)$/;

/** Asks the server, through its front door, about everything in `ledger`. Tokens that it renews and people that it finds are noted there. */
export async function assertRemembered(app: Application, ledger: Ledger): Promise<void> {
  for (const email of ledger.doubtfulEmails.splice(0)) await assertWholeOrNothing(app, ledger, email);
  for (const person of ledger.people) {
    if (person.chain) await assertChain(app, ledger, person, person.chain);
    await assertFactor(app, person);
  }
  for (const token of ledger.revoked) assert.match(String((await app.refresh(token)).status), INVALID, 'revoked token');
  for (const { code, redeemed } of ledger.codes.splice(0)) {
    const { status, text } = await app.exchange(code);
    assert.ok(INVALID.test(String(status)) || (!redeemed && status === 200), `code: ${status} ${text}`);
    assert.match(String((await app.exchange(code)).status), INVALID, 'a code twice');
  }
  // The newest ones; passwords take their time.
  for (const { email } of ledger.people.slice(-2)) {
    const { status, text } = await app.logIn(email);
    assert.equal(status, 200, `${email}: ${text}`);
  }
}

/** A sign-up that was never answered: the person either can log in, or can sign up again. */
async function assertWholeOrNothing(app: Application, ledger: Ledger, email: string): Promise<void> {
  const { status } = await app.logIn(email);
  if (status !== 200) {
    const again = await app.signUp(email);
    assert.equal(again.status, 200, `${email} is half there: ${status}, ${again.text}`);
  }
  ledger.people.push({ email });
}

async function assertChain(app: Application, ledger: Ledger, person: Person, chain: Chain): Promise<void> {
  const { status, text, json } = await app.refresh(chain.token);
  if (chain.doubtful) {
    assert.ok(status === 200 || INVALID.test(String(status)), text);
    delete person.chain;
    return;
  }
  assert.equal(status, 200, `${person.email}: a refresh token that was given out: ${text}`);
  ledger.answered.rotations += 1;
  chain.used.push(chain.token);
  chain.token = json.refresh_token;
  if (chain.used.length < 3) return;
  // One that was exchanged before the crash. Using it again revokes all of its family.
  assert.match(String((await app.refresh(chain.used[0] ?? '')).status), INVALID, 'a refresh token that was exchanged');
  assert.match(String((await app.refresh(chain.token)).status), INVALID, 'a token of a revoked family');
  ledger.revoked.push(chain.token);
  delete person.chain;
}

async function assertFactor(app: Application, person: Person): Promise<void> {
  const { mfaToken, factor } = person;
  if (!mfaToken) return;
  const listed = (await app.authenticators(mfaToken)).json as { authenticator_type: string; active: boolean }[];
  const active = listed.some((one) => one.authenticator_type === 'otp' && one.active);
  if (!factor) {
    assert.ok(person.doubtfulFactor || !active, `${person.email}: a factor that was never confirmed is active`);
    return;
  }
  assert.ok(active, `${person.email}: a factor that was confirmed is not active`);
  // Once in a while: wrong codes are counted.
  if (factor.spentCodes.length === 0) return;
  assert.match(String((await app.otp(mfaToken, factor.otp)).status), INVALID, 'a one-time code twice');
  assert.match(
    String((await app.recover(mfaToken, factor.spentCodes[0] ?? '')).status),
    INVALID,
    'a recovery code twice',
  );
  if (factor.recoveryCode) {
    const { status, text } = await app.recover(mfaToken, factor.recoveryCode);
    assert.equal(status, 200, `${person.email}: the recovery code that was given out: ${text}`);
  }
  delete person.mfaToken;
}

/** Looks at the tables themselves, with no server running: rows that belong together are all there. */
export async function assertConsistent(database: string, ledger: Ledger): Promise<void> {
  const storage = await openStorage(database, collections);
  try {
    for (const tenant of await storage.system.collection(tenantsCollection).list())
      await assertTenantConsistent(storage.forTenant(tenant), ledger);
  } finally {
    await storage.close();
  }
}

async function assertTenantConsistent(store: Store, ledger: Ledger): Promise<void> {
  const users = new Set((await store.collection(usersCollection).list()).map(({ user_id }) => user_id));
  const owners = (await store.collection(passwordCredentialsCollection).list()).map(({ user_id }) => user_id);
  assert.deepEqual(owners.toSorted(), [...users].toSorted(), 'users and their passwords');
  for (const { user_id } of await store.collection(authenticatorsCollection).list()) assert.ok(users.has(user_id));
  const tokens = new Map((await store.collection(refreshTokensCollection).list()).map((token) => [token.id, token]));
  for (const { id, user_id, rotated_at, successor_id, predecessor_id } of tokens.values()) {
    assert.ok(users.has(user_id));
    if (predecessor_id !== undefined)
      assert.equal(tokens.get(predecessor_id)?.successor_id, id, 'a token and the one before it');
    if (rotated_at !== undefined) assert.ok(successor_id && tokens.has(successor_id), 'a token and the one after it');
  }
  const { signups, exchanges, rotations } = ledger.answered;
  for (const [type, answered] of [
    ['ss', signups],
    ['seacft', exchanges],
    ['sertft', rotations],
  ] as const)
    assert.ok((await store.collection(logsCollection).count({ type })) >= answered, `${type} of what was answered`);
}
