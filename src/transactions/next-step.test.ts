import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Facts, nextStep, type Step, silentRefusal } from './next-step.ts';
import { stepPath } from './step-paths.ts';
import type { Decision, Transaction } from './transaction.ts';

const NOW = 1_000_000;
const facts: Facts = {
  now: NOW,
  secondFactor: 'not_needed',
  consentNeeded: false,
  callbackUnverifiable: false,
  organization: 'settled',
};
type Part = Partial<Transaction>;
const loggedIn = { user_id: 'auth0|1', interactive: true };
const step = (transaction: Part, more: Partial<Facts> = {}) =>
  nextStep({ interactive: false, ...transaction }, { ...facts, ...more });

const device: Decision = { kind: 'device', id: 'd', user_code_sealed: 'x' };
const backchannel: Decision = { kind: 'ciba', id: 'c', user_id: 'auth0|1', binding_message: 'm' };

const REFUSAL = { error: 'access_denied', error_description: 'no' };
const CASES: readonly [string, Part, Partial<Facts>, Step][] = [
  ['nobody is known', {}, {}, 'login'],
  ['nobody is known, whatever else is needed', {}, { secondFactor: 'challenge', consentNeeded: true }, 'login'],
  ['the login was refused', { ...loggedIn, refusal: REFUSAL }, { consentNeeded: true }, 'refuse'],
  ['it was refused before anybody was known', { refusal: REFUSAL }, {}, 'refuse'],
  ['a factor must be set up', loggedIn, { secondFactor: 'enroll', consentNeeded: true }, 'mfa_enroll'],
  ['a factor must be proved', loggedIn, { secondFactor: 'challenge', callbackUnverifiable: true }, 'mfa_challenge'],
  ['in time', { ...loggedIn, mfa_expires_at: NOW + 1 }, { secondFactor: 'challenge' }, 'mfa_challenge'],
  ['too late for the challenge', { ...loggedIn, mfa_expires_at: NOW }, { secondFactor: 'challenge' }, 'login'],
  ['too late for the set-up', { ...loggedIn, mfa_expires_at: NOW - 1 }, { secondFactor: 'enroll' }, 'login'],
  ['late, but nothing is missing', { ...loggedIn, mfa_expires_at: NOW - 1 }, {}, 'issue'],
  [
    'a recovery code waits',
    { ...loggedIn, second_factor: { recovery_code_sealed: 'x' } },
    { consentNeeded: true },
    'recovery_code_shown',
  ],
  ['a set-up is half done', { ...loggedIn, second_factor: {} }, { secondFactor: 'enroll' }, 'mfa_enroll'],
  ['a passkey is offered', { ...loggedIn, passkey_offer: 'local' }, { consentNeeded: true }, 'offer_passkey'],
  ['not before all is proved', { ...loggedIn, passkey_offer: 'local' }, { secondFactor: 'challenge' }, 'mfa_challenge'],
  ['something must be allowed', loggedIn, { consentNeeded: true, callbackUnverifiable: true }, 'consent'],
  [
    'no page was shown before an unverifiable callback',
    { user_id: 'u', interactive: false },
    { callbackUnverifiable: true },
    'confirm_callback',
  ],
  [
    'it was confirmed',
    { user_id: 'u', interactive: false, callback_confirmed: true },
    { callbackUnverifiable: true },
    'issue',
  ],
  ['a page was shown', loggedIn, { callbackUnverifiable: true }, 'issue'],
  ['a device must be confirmed first', { decision: device }, { secondFactor: 'challenge' }, 'confirm_device'],
  ['it was confirmed, nobody is known', { decision: { ...device, confirmed: true } }, {}, 'login'],
  ['it was confirmed, somebody is known', { ...loggedIn, decision: { ...device, confirmed: true } }, {}, 'issue'],
  ['nobody is known to approve a request', { decision: backchannel }, {}, 'login'],
  ['a factor comes before approval', { ...loggedIn, decision: backchannel }, { secondFactor: 'enroll' }, 'mfa_enroll'],
  ['a request must be approved', { ...loggedIn, decision: backchannel }, {}, 'approve_request'],
  ['it was approved', { ...loggedIn, decision: { ...backchannel, confirmed: true } }, {}, 'issue'],
  ['nothing is missing', { user_id: 'u', interactive: false }, {}, 'issue'],
];

for (const [name, transaction, more, expected] of CASES) {
  test(`${name}: ${expected}`, () => assert.equal(step(transaction, more), expected));
}

test('a code is issued only to somebody known who has done all that is needed', () => {
  const decisions = [undefined, device, backchannel].flatMap((one) => [
    one,
    one && { ...one, confirmed: true as const },
  ]);
  const transactions = fc.record({
    decision: fc.constantFrom(...decisions),
    user_id: fc.option(fc.constant('u'), { nil: undefined }),
    interactive: fc.boolean(),
    callback_confirmed: fc.boolean(),
    refusal: fc.option(fc.constant(REFUSAL), { nil: undefined }),
    mfa_expires_at: fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 }), { nil: undefined }),
    second_factor: fc.option(fc.record({ recovery_code_sealed: fc.option(fc.constant('x'), { nil: undefined }) }), {
      nil: undefined,
    }),
  });
  const situations = fc.record({
    secondFactor: fc.constantFrom<Facts['secondFactor']>('not_needed', 'enroll', 'challenge'),
    consentNeeded: fc.boolean(),
    callbackUnverifiable: fc.boolean(),
  });
  fc.assert(
    fc.property(transactions, situations, (transaction, more) => {
      if (nextStep(transaction, { ...facts, ...more }) !== 'issue') return;
      assert.ok(transaction.user_id && !transaction.refusal && !transaction.second_factor?.recovery_code_sealed);
      assert.ok(more.secondFactor === 'not_needed' && !more.consentNeeded);
      assert.ok(!transaction.decision || transaction.decision.confirmed);
      assert.ok(!more.callbackUnverifiable || transaction.interactive || transaction.callback_confirmed);
    }),
  );
});

test('prompt=none says what it would have had to ask', () => {
  assert.deepEqual(silentRefusal('login'), { error: 'login_required', error_description: 'Login required' });
  for (const one of ['mfa_enroll', 'mfa_challenge'] as const)
    assert.deepEqual(silentRefusal(one), {
      error: 'login_required',
      error_description: 'Multifactor authentication required',
    });
  assert.equal(silentRefusal('consent').error, 'consent_required');
  assert.equal(silentRefusal('confirm_callback').error, 'interaction_required');
});

test('every page carries the state, and only known hints choose another page', () => {
  assert.equal(stepPath('login', 'a b'), '/u/login?state=a%20b');
  assert.equal(stepPath('login', 's', { screen_hint: 'signup' }), '/u/signup?state=s');
  assert.equal(stepPath('login', 's', { screen_hint: 'constructor' }), '/u/login?state=s');
  assert.equal(stepPath('login', 's', { screen_hint: 'https://evil.example' }), '/u/login?state=s');
  assert.equal(stepPath('mfa_challenge', 's', { method: 'totp' }), '/u/mfa-otp-challenge?state=s');
  assert.equal(stepPath('mfa_challenge', 's'), '/u/mfa-login-options?state=s');
});
