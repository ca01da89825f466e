import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type Context, frozenClock, type Message, type OutboundRequest } from '../../kernel/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';
import { type GatewayOptions, gatewaySender } from './gateway.ts';

const NOW = Date.parse('2026-01-15T10:00:00.000Z');
const MESSAGE: Message = { channel: 'sms', to: '+15551234567', from: '+15550000000', text: 'Say 123456!' };

async function send(options: GatewayOptions, answer: number | Error = 202): Promise<OutboundRequest> {
  let sent: OutboundRequest | undefined;
  const request = async (asked: OutboundRequest) => {
    sent = asked;
    if (answer instanceof Error) throw answer;
    return { status: answer, headers: {}, body: Buffer.alloc(0), text: () => '', json: () => undefined };
  };
  const caller = { ip: '192.0.2.7', userAgent: 'Browser/1' };
  const ctx = { issuer: 'https://tenant.test/', clock: frozenClock(NOW), caller, outbound: { request } };
  const gateway = { gateway_url: 'https://gateway.test/sms', ...options };
  await gatewaySender(ctx as unknown as Context, gateway).send(MESSAGE);
  assert.ok(sent);
  return sent;
}

test('recipient, body and sender are posted', async () => {
  const sent = await send({});
  assert.equal(sent.url, 'https://gateway.test/sms');
  assert.deepEqual(JSON.parse(String(sent.body)), {
    recipient: '+15551234567',
    body: 'Say 123456!',
    sender: '+15550000000',
  });
  assert.equal(sent.headers?.authorization, undefined);
});

test('the gateway is told who asked where the tenant wants that', async () => {
  const { req } = JSON.parse(String((await send({ forward_req_info: true })).body));
  assert.deepEqual(req, { ip: '192.0.2.7', 'user-agent': 'Browser/1' });
});

test('the gateway knows us by a token that is signed with its secret', async () => {
  for (const [secret, encoded] of [
    ['shh', false],
    ['c2ho', true],
  ] as const) {
    const gateway_authentication = {
      subject: 'us',
      audience: 'urn:gateway',
      secret,
      ...(encoded ? { secret_base64_encoded: true } : {}),
    };
    const sent = await send({ gateway_authentication });
    const [header, payload = '', signature] = (sent.headers?.authorization ?? '').replace('Bearer ', '').split('.');
    const key = encoded ? Buffer.from(secret, 'base64url') : secret;
    assert.equal(createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url'), signature);
    const iat = NOW / 1000;
    const claims = { iss: 'https://tenant.test/', sub: 'us', aud: 'urn:gateway', iat, exp: iat + 300 };
    assert.deepEqual(JSON.parse(Buffer.from(payload, 'base64url').toString()), claims);
  }
});

test('what the gateway did not take is not sent', async () => {
  await assert.rejects(send({}, 500), MessageNotSent);
  await assert.rejects(send({}, new Error('no route')), MessageNotSent);
});
