/** People who sign up, log in and renew their tokens without end, until the server is gone. */
import assert from 'node:assert/strict';
import { totpAt } from '../../src/platform/crypto/index.ts';
import type { Reply } from '../process/server-process.ts';
import type { Application } from './client.ts';
import type { Ledger, Person } from './ledger.ts';

/** The server did not answer: nobody knows what it did. */
class NoAnswer extends Error {}

/** Chance that a seed repeats. */
export function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function answer<R>(asking: Promise<R>): Promise<R> {
  try {
    return await asking;
  } catch (error) {
    const code =
      (error as { code?: string; cause?: { code?: string } }).code ??
      (error as { cause?: { code?: string } }).cause?.code;
    if (/^(ECONNREFUSED|ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code ?? '')) throw new NoAnswer(code);
    throw error;
  }
}

async function success(asking: Promise<Reply>): Promise<Reply> {
  const reply = await answer(asking);
  assert.equal(reply.status, 200, reply.text);
  return reply;
}

async function signUp(app: Application, ledger: Ledger, email: string): Promise<Person> {
  ledger.doubtfulEmails.push(email);
  await success(app.signUp(email));
  ledger.doubtfulEmails.splice(ledger.doubtfulEmails.indexOf(email), 1);
  const person: Person = { email };
  ledger.people.push(person);
  ledger.answered.signups += 1;
  return person;
}

async function rotate(app: Application, ledger: Ledger, person: Person): Promise<void> {
  const { chain } = person;
  if (!chain) {
    const { json } = await success(app.logIn(person.email));
    person.chain = { token: json.refresh_token, used: [], doubtful: false };
    return;
  }
  chain.doubtful = true;
  const { json } = await success(app.refresh(chain.token));
  chain.used.push(chain.token);
  chain.token = json.refresh_token;
  chain.doubtful = false;
  ledger.answered.rotations += 1;
}

async function enroll(app: Application, ledger: Ledger, person: Person): Promise<void> {
  if (person.factor || person.doubtfulFactor) return recover(app, person);
  person.mfaToken = (await success(app.mfaLogIn(person.email))).json.access_token as string;
  const { secret, recovery_codes } = (await success(app.associate(person.mfaToken))).json;
  const otp = totpAt(secret, Date.now());
  person.doubtfulFactor = true;
  await success(app.otp(person.mfaToken, otp));
  person.factor = { secret, otp, recoveryCode: recovery_codes?.[0], spentCodes: [] };
  person.doubtfulFactor = false;
  ledger.answered.enrolments += 1;
}

async function recover(app: Application, { mfaToken, factor }: Person): Promise<void> {
  const code = factor?.recoveryCode;
  if (!factor || !mfaToken || !code) return;
  factor.recoveryCode = undefined;
  const { json } = await success(app.recover(mfaToken, code));
  factor.spentCodes.push(code);
  factor.recoveryCode = json.recovery_code;
}

async function redeem(app: Application, ledger: Ledger, person: Person): Promise<void> {
  const code = { code: await answer(app.authorize(person.email)), redeemed: undefined as boolean | undefined };
  ledger.codes.push(code);
  await success(app.exchange(code.code));
  code.redeemed = true;
  ledger.answered.exchanges += 1;
}

/** One person's doings until the server is gone. Rejects when the server answers something that it should not. */
export async function live(app: Application, ledger: Ledger, name: string, chance: () => number): Promise<void> {
  try {
    for (let turn = 0; ; turn++) {
      const person = await signUp(app, ledger, `${name}-${turn}@example.test`);
      await rotate(app, ledger, person);
      await enroll(app, ledger, person);
      await redeem(app, ledger, person);
      for (let n = 5 + Math.floor(chance() * 15); n > 0; n--) {
        const choice = chance();
        if (choice < 0.5) await rotate(app, ledger, person);
        else if (choice < 0.8) await redeem(app, ledger, person);
        else await enroll(app, ledger, person);
      }
    }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
}
