import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Message } from '../../kernel/index.ts';
import { createOutbound } from '../outbound/index.ts';
import { createMessenger, MessageNotSent, type TwilioOptions, twilioSender } from './index.ts';

interface Call {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly form: Record<string, string>;
}

type Answer = (response: ServerResponse) => void;

const account = { accountSid: 'AC0123', authToken: 'secret' };
const sms: Message = { channel: 'sms', to: '+15551239167', text: 'Your code is 123456', code: '123456' };
const voice: Message = { ...sms, channel: 'voice' };

const answerWith =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const queued = answerWith(201, { sid: 'SM0123', status: 'queued', error_code: null });
const invalidNumber = answerWith(400, {
  code: 21211,
  message: "The 'To' number +15551239167 is not a valid phone number.",
  more_info: 'https://www.twilio.com/docs/errors/21211',
  status: 400,
});
const tooMany = answerWith(429, { code: 20429, message: 'Too Many Requests', status: 429 });

/** Answers the calls in turn; the last answer stays. */
async function serveTwilio(context: TestContext, ...answers: Answer[]) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = Object.fromEntries(new URLSearchParams(`${Buffer.concat(chunks)}`));
    const answer = answers[Math.min(calls.length, answers.length - 1)]!;
    calls.push({ method: request.method, path: request.url, headers: request.headers, form });
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const outbound = createOutbound({ allowPrivateAddresses: true });
  context.after(async () => {
    await outbound.close();
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const senderWith = (options: Partial<TwilioOptions>) => twilioSender({ ...account, baseUrl, ...options }, outbound);
  return { calls, senderWith };
}

const notSent = (detail: RegExp, retryable: boolean) => (error: unknown) => {
  assert.ok(error instanceof MessageNotSent, String(error));
  assert.match(error.detail, detail);
  assert.equal(error.retryable, retryable);
  assert.doesNotMatch(`${error.message} ${error.detail}`, /123456|secret/);
  return true;
};

test('an SMS is a form posted to Messages.json with Basic credentials', async (context) => {
  const { calls, senderWith } = await serveTwilio(context, queued);
  await senderWith({ from: '+15550001111' }).send(sms);
  const [call] = calls;
  assert.deepEqual([call!.method, call!.path], ['POST', '/2010-04-01/Accounts/AC0123/Messages.json']);
  assert.equal(call!.headers.authorization, `Basic ${Buffer.from('AC0123:secret').toString('base64')}`);
  assert.equal(call!.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.deepEqual(call!.form, { To: '+15551239167', From: '+15550001111', Body: 'Your code is 123456' });
});

test("a messaging service goes before the configured number, the message's own sender before both", async (context) => {
  const { calls, senderWith } = await serveTwilio(context, queued);
  const sender = senderWith({ from: '+15550001111', messagingServiceSid: 'MG0123' });
  await sender.send(sms);
  await sender.send({ ...sms, from: 'Acme' });
  assert.deepEqual(
    calls.map(({ form }) => [form.From, form.MessagingServiceSid]),
    [
      [undefined, 'MG0123'],
      ['Acme', undefined],
    ],
  );
});

test('a call says the text twice, the code digit by digit, as well-formed XML', async (context) => {
  const { calls, senderWith } = await serveTwilio(context, queued);
  const sender = senderWith({ from: '+15550001111', messagingServiceSid: 'MG0123' });
  await sender.send({ ...voice, text: '<Tom & "Jerry\'s">\u0007: your code is 123456' });
  await sender.send({ ...voice, text: 'Your code is' });
  assert.equal(calls[0]!.path, '/2010-04-01/Accounts/AC0123/Calls.json');
  const said = '<Say>&lt;Tom &amp; &quot;Jerry&apos;s&quot;&gt;: your code is 1, 2, 3, 4, 5, 6</Say>';
  assert.deepEqual(calls[0]!.form, {
    To: '+15551239167',
    From: '+15550001111',
    Twiml: `<Response>${said}<Pause length="1"/>${said}</Response>`,
  });
  assert.match(calls[1]!.form.Twiml!, /^<Response><Say>Your code is 1, 2, 3, 4, 5, 6<\/Say>/);
});

test('what cannot be sent is not posted', async (context) => {
  const { calls, senderWith } = await serveTwilio(context, queued);
  await assert.rejects(senderWith({}).send(sms), notSent(/neither a number/, false));
  await assert.rejects(
    senderWith({ messagingServiceSid: 'MG0123' }).send(voice),
    notSent(/number to call from/, false),
  );
  const email: Message = { ...sms, channel: 'email' };
  await assert.rejects(senderWith({ from: '+15550001111' }).send(email), notSent(/email is not a channel/, false));
  assert.equal(calls.length, 0);
});

test("Twilio's refusal is final and carries its code", async (context) => {
  const { senderWith } = await serveTwilio(context, invalidNumber);
  await assert.rejects(
    senderWith({ from: '+15550001111' }).send(sms),
    notSent(/HTTP 400, error 21211: The 'To'/, false),
  );
});

test('too many requests and a broken gateway may pass', async (context) => {
  const badGateway: Answer = (response) => response.writeHead(502).end('<html>bad gateway</html>');
  const { senderWith } = await serveTwilio(context, tooMany, badGateway, answerWith(503, null));
  const sender = senderWith({ from: '+15550001111' });
  await assert.rejects(sender.send(sms), notSent(/HTTP 429, error 20429/, true));
  await assert.rejects(sender.send(sms), notSent(/HTTP 502$/, true));
  await assert.rejects(sender.send(sms), notSent(/HTTP 503$/, true));
});

test('the messenger tries again after a 429 and then succeeds', async (context) => {
  const { calls, senderWith } = await serveTwilio(context, tooMany, queued);
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  await createMessenger({ senders: { sms: senderWith({ from: '+15550001111' }) }, wait }).deliver(sms);
  assert.deepEqual([calls.length, waits], [2, [200]]);
});

test('a gateway that never answers is given up and may pass', async (context) => {
  const { calls, senderWith } = await serveTwilio(context, () => {});
  await assert.rejects(senderWith({ from: '+15550001111', timeoutMs: 50 }).send(sms), notSent(/within 50 ms/, true));
  assert.equal(calls.length, 1);
});

test('an endless answer means that the gateway took the message: not again', async (context) => {
  const { senderWith } = await serveTwilio(context, (response) => response.end('x'.repeat(70_000)));
  await assert.rejects(senderWith({ from: '+15550001111' }).send(sms), notSent(/larger than/, false));
});

test('the outbound rules hold for the gateway too', async () => {
  const outbound = createOutbound({ allowPrivateAddresses: false });
  const sender = twilioSender({ ...account, from: '+15550001111', baseUrl: 'http://127.0.0.1:1' }, outbound);
  await assert.rejects(sender.send(sms), notSent(/may not be contacted/, false));
});
