import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { frozenClock, type Message } from '../../kernel/index.ts';
import { createOutbound } from '../outbound/index.ts';
import { MessageNotSent, webhookSender } from './index.ts';

const SECRET = 'shared with the receiver';
const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

const message: Message = {
  channel: 'push',
  to: 'dev_1',
  text: 'Grüße: is it you? 123456',
  code: '123456',
  data: { transaction: 'txn_1' },
};

/** A receiver as an operator would write it: 401 for what is not signed with the secret, 400 for what is too old. */
function judge(request: IncomingMessage, body: string): number {
  const { 'countersign-timestamp': timestamp, 'countersign-signature': signature } = request.headers;
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  if (signature !== `v1=${expected}`) return 401;
  return Math.abs(NOW / 1000 - Number(timestamp)) > 300 ? 400 : 204;
}

async function serveReceiver(context: TestContext, answer = judge) {
  const accepted: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = `${Buffer.concat(chunks)}`;
    const status = answer(request, body);
    if (status === 204) accepted.push(JSON.parse(body));
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const outbound = createOutbound({ allowPrivateAddresses: true });
  context.after(async () => {
    await outbound.close();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`;
  const senderWith = (secret = SECRET, now = NOW) => webhookSender({ url, secret }, outbound, frozenClock(now));
  return { accepted, senderWith };
}

const notSent = (detail: string, retryable: boolean) => (error: unknown) => {
  assert.ok(error instanceof MessageNotSent, String(error));
  assert.deepEqual([error.detail, error.retryable], [detail, retryable]);
  return true;
};

test('the receiver can verify who sent the message, and gets all of it', async (context) => {
  const { accepted, senderWith } = await serveReceiver(context);
  await senderWith().send(message);
  assert.deepEqual(accepted, [message]);
});

test('another secret or an old clock is seen by the receiver', async (context) => {
  const { accepted, senderWith } = await serveReceiver(context);
  await assert.rejects(senderWith('guessed').send(message), notSent('webhook: HTTP 401', false));
  await assert.rejects(senderWith(SECRET, NOW - 3_600_000).send(message), notSent('webhook: HTTP 400', false));
  assert.equal(accepted.length, 0);
});

test('a busy or broken receiver may pass, a redirecting one is not followed', async (context) => {
  for (const [status, retryable] of [
    [302, false],
    [404, false],
    [408, true],
    [429, true],
    [500, true],
  ] as const) {
    const { senderWith } = await serveReceiver(context, () => status);
    await assert.rejects(senderWith().send(message), notSent(`webhook: HTTP ${status}`, retryable));
  }
});
