/** Messages that go through the tenant's own provider, and those that don't get through: nothing is enrolled half-way. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  type AuditEvent,
  type Context,
  isFailure,
  type Message,
  type OutboundRequest,
} from '../../src/kernel/index.ts';
import { challengeableMethods, challengesCollection, startChallenge, startEnrollment } from '../../src/mfa/index.ts';
import { MessageNotSent } from '../../src/platform/messages/index.ts';
import { authenticatorsOf, listAuthenticators } from '../../src/resources/authentication-methods/index.ts';
import {
  defaultGuardianSettings,
  type GuardianSettings,
  guardianCollection,
  sealTwilioToken,
} from '../../src/resources/guardian/index.ts';
import type { User } from '../../src/resources/users/index.ts';
import { addPerson, useFactors } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';

const PHONE = { client_id: 'client', type: 'phone', phone_number: '+15551239167' } as const;

let server: TestServer;
let user: User;
let people = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  await server.ctx.store.collection(guardianCollection).put(defaultGuardianSettings());
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code']);
  user = await addPerson(server.ctx, `person${people}@example.test`);
});

function configure(change: Partial<GuardianSettings>): Promise<unknown> {
  return server.ctx.store.collection(guardianCollection).update('guardian', (settings) => ({ ...settings, ...change }));
}

/** The server's context with another way out; collects what is audited. */
function contextWith(change: Partial<Context>): { ctx: Context; events: AuditEvent[] } {
  const events: AuditEvent[] = [];
  return { ctx: { ...server.ctx, ...change, audit: (event) => events.push(event) }, events };
}

function answering(status: number, requests: OutboundRequest[]): Context['outbound'] {
  return {
    texts: async () => [],
    async request(request) {
      requests.push(request);
      const body = Buffer.from('{}');
      return { status, headers: {}, body, text: () => '{}', json: () => ({}) };
    },
  };
}

const broken: Context['messenger'] = {
  deliver: () => Promise.reject(new MessageNotSent('the operator’s sender is down')),
};

test('the tenant’s Twilio account sends, when it was selected', async () => {
  await configure({
    phone_provider: 'twilio',
    twilio: { sid: 'AC1', from: '+15550000001', auth_token_sealed: sealTwilioToken(server.ctx, 'twilio-token') },
  });
  const requests: OutboundRequest[] = [];
  const { ctx } = contextWith({ outbound: answering(201, requests) });
  await startEnrollment(ctx, { ...PHONE, user });
  await startEnrollment(ctx, { ...PHONE, user, channel: 'voice' });
  assert.deepEqual(
    requests.map(({ url }) => url),
    [
      'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
      'https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json',
    ],
  );
  assert.equal(requests[0]?.headers?.authorization, `Basic ${Buffer.from('AC1:twilio-token').toString('base64')}`);
  const sent = new URLSearchParams(String(requests[0]?.body));
  assert.deepEqual([sent.get('To'), sent.get('From')], ['+15551239167', '+15550000001']);
  assert.deepEqual(await server.messages({ channel: 'sms' }), []);
});

test('Twilio selected without an account, or refusing: the user is told and nothing is left', async () => {
  await configure({ phone_provider: 'twilio' });
  const unset = contextWith({});
  await assert.rejects(startEnrollment(unset.ctx, { ...PHONE, user }), (error) => isFailure(error, 'message_not_sent'));
  await configure({ twilio: { sid: 'AC1', from: '+1', auth_token_sealed: sealTwilioToken(server.ctx, 't') } });
  const refusing = contextWith({ outbound: answering(400, []) });
  await assert.rejects(startEnrollment(refusing.ctx, { ...PHONE, user }), (error) =>
    isFailure(error, 'message_not_sent'),
  );
  assert.deepEqual(await listAuthenticators(server.ctx, user.user_id), []);
  assert.deepEqual(
    refusing.events.map(({ type }) => type),
    ['gd_start_enroll', 'gd_send_sms_failure', 'gd_start_enroll_failed'],
  );
});

test('a challenge that cannot be sent leaves no challenge', async () => {
  const started = await startEnrollment(server.ctx, { ...PHONE, user });
  await authenticatorsOf(server.ctx).put({ ...started.authenticator, confirmed: true });
  await server.ctx.store.collection(challengesCollection).deleteWhere({ user_id: user.user_id });
  const [method] = await challengeableMethods(server.ctx, user);
  assert.ok(method);
  const { ctx, events } = contextWith({ messenger: broken });
  const request = { user, client_id: 'client', authenticator: method.authenticator, channel: 'sms' } as const;
  await assert.rejects(startChallenge(ctx, request), (error) => isFailure(error, 'message_not_sent'));
  assert.equal(await server.ctx.store.collection(challengesCollection).count({ user_id: user.user_id }), 0);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['gd_start_auth', 'gd_send_sms_failure'],
  );
});

test('templates: each kind of message its own words, for calls and texts apart', async () => {
  await configure({
    phone_templates: {
      enrollment_message:
        '{% if message_type == "voice" %}Say {{pronounced_code}}{% else %}Enrol with {{ code }}{% endif %}',
      verification_message: '{{tenant.friendly_name}}: {{code}}',
    },
  });
  const messages: Message[] = [];
  const { ctx } = contextWith({ messenger: { deliver: async (message) => void messages.push(message) } });
  const started = await startEnrollment(ctx, { ...PHONE, user });
  await startEnrollment(ctx, { ...PHONE, user, channel: 'voice' });
  await startChallenge(ctx, { user, client_id: 'client', authenticator: started.authenticator, channel: 'sms' });
  const [text, call, challenge] = messages;
  assert.equal(text?.text, `Enrol with ${text?.code}`);
  assert.equal(call?.text, `Say ${[...(call?.code ?? '')].join(', ')}`);
  assert.equal(challenge?.text, `tenant: ${challenge?.code}`);
});
