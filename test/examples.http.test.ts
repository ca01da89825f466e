/** The examples do what they say: they are run as they are, against a server on a port of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type RealServer, startRealServer } from './compat/real-server.ts';
import { addApplication, addPerson, addPublicApplication, PASSWORD, useFactors } from './fixtures.ts';

const SCRIPT = join(import.meta.dirname, '../examples/enrol-two-factors/run.sh');
const CALLBACK = 'http://localhost:4000/callback';
const MFA_SCOPES = 'enroll read:authenticators remove:authenticators';
const PHONE = '+15551234567';

let server: RealServer;

before(async () => {
  server = await startRealServer();
});
after(() => server.close());

/** The answers that the script printed, by the number of their step. */
async function runScript(environment: Record<string, string>): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)('bash', [SCRIPT], {
    env: { PATH: process.env.PATH ?? '', URL: server.plainUrl, PASSWORD, PHONE, ...environment },
  });
  const printed = stdout.split(/^== \d+\. .*$/m).slice(1);
  return printed.map((answer) => JSON.parse(answer) as Record<string, unknown>);
}

/** Exactly these members in this order; a member whose value can't be known is there and not empty. */
const GIVEN = Symbol('given');
function assertShape(answer: Record<string, unknown> | undefined, shape: Record<string, unknown>): void {
  assert.ok(answer);
  assert.deepEqual(Object.keys(answer), Object.keys(shape));
  for (const [name, value] of Object.entries(shape)) {
    if (value === GIVEN) assert.ok(answer[name], name);
    else assert.deepEqual(answer[name], value, name);
  }
}

const CONFIRMED = { access_token: GIVEN, scope: MFA_SCOPES, expires_in: 600, token_type: 'Bearer' };

/** `more` are members of the first enrolment's answer beyond the four that it always has. */
function assertWalkthrough(
  answers: Record<string, unknown>[],
  email: string,
  more: Record<string, unknown> = {},
): void {
  const [first, sms, smsConfirmed, second, otp, otpConfirmed, listed] = answers;
  assert.equal(answers.length, 7);
  for (const token of [first, second]) {
    assert.deepEqual([token?.expires_in, token?.token_type], [600, 'Bearer']);
    assert.ok(String(token?.scope).split(' ').includes('enroll'));
  }
  const sent = { authenticator_type: 'oob', binding_method: 'prompt', ...more, oob_channel: 'sms', oob_code: GIVEN };
  assertShape(sms, sent);
  assert.match(String(sms?.oob_code), /^Fe26\./);
  assertShape(smsConfirmed, CONFIRMED);
  assertShape(otp, { authenticator_type: 'otp', secret: GIVEN, barcode_uri: GIVEN });
  assert.match(String(otp?.secret), /^[A-Z2-7]{32}$/);
  const uri = new URL(String(otp?.barcode_uri));
  assert.deepEqual(Object.fromEntries(uri.searchParams), {
    secret: otp?.secret,
    issuer: 'real',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  assert.ok(uri.href.startsWith(`otpauth://totp/real:${encodeURIComponent(email)}?`), uri.href);
  assertShape(otpConfirmed, CONFIRMED);
  const active = (listed as unknown as { active: boolean; id: string }[]).filter((one) => one.active);
  const kinds = active.map(({ id }) => id.split('|')[0]);
  const recovery = more.recovery_codes ? ['recovery-code'] : [];
  assert.deepEqual(kinds.sort(), [...recovery, 'sms', 'totp', 'voice']);
}

test('enrol-two-factors, as a confidential application', async () => {
  await useFactors(server.ctx, ['otp', 'sms']);
  const { client_id, client_secret } = await addApplication(server.ctx, { callbacks: [CALLBACK] });
  const EMAIL = 'lihua.zhang+aab@example.test';
  await addPerson(server.ctx, EMAIL);
  assertWalkthrough(await runScript({ CLIENT_ID: client_id, CLIENT_SECRET: client_secret, EMAIL }), EMAIL);
});

test('enrol-two-factors, as a public application, with recovery codes', async () => {
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code']);
  const { client_id } = await addPublicApplication(server.ctx, { callbacks: [CALLBACK] });
  const EMAIL = 'public@example.test';
  await addPerson(server.ctx, EMAIL);
  assertWalkthrough(await runScript({ CLIENT_ID: client_id, CLIENT_SECRET: '', EMAIL }), EMAIL, {
    recovery_codes: GIVEN,
  });
});
