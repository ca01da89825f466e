import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Message } from '../../kernel/index.ts';
import { createOutbound } from '../outbound/index.ts';
import { MessageNotSent, type SmtpOptions, smtpSender } from './index.ts';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test-certificate.ts';

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly raw: string;
  readonly encrypted: boolean;
  readonly user: string;
}

const message: Message = {
  channel: 'email',
  to: 'jane@example.com',
  subject: 'Your code – grüß Gott',
  text: 'Your code is 123456',
  html: '<p>Your code is <b>123456</b></p>',
  code: '123456',
};

async function serveSmtp(context: TestContext, options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        received.push({
          from,
          to,
          raw: `${Buffer.concat(chunks)}`,
          encrypted: session.secure,
          user: session.user || '',
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {}); // a client that breaks off is what some tests are about
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  context.after(() => new Promise<void>((done) => server.close(done)));
  return { port: (server.server.address() as AddressInfo).port, received };
}

function senderTo(port: number, options: Partial<SmtpOptions> = {}) {
  return smtpSender({ host: '127.0.0.1', port, secure: false, from: 'Acme <login@acme.test>', ...options });
}

const notSent = (detail: RegExp, retryable: boolean) => (error: unknown) => {
  assert.ok(error instanceof MessageNotSent, String(error));
  assert.match(error.detail, detail);
  assert.equal(error.retryable, retryable, error.detail);
  assert.doesNotMatch(`${error.message} ${error.detail}`, /123456/);
  return true;
};

const tlsServer: SMTPServerOptions = { key: TEST_CERTIFICATE_KEY, cert: TEST_CERTIFICATE, disabledCommands: [] };
const atMailTest = { resolve: async () => '127.0.0.1' };
const checkPassword: SMTPServerOptions['onAuth'] = ({ username, password }, _session, done) => {
  if (username === 'acme' && password === 'right') done(null, { user: username });
  else done(new Error('wrong user name or password'));
};

test('sends text and HTML to one recipient from the configured sender', async (context) => {
  const { port, received } = await serveSmtp(context);
  await senderTo(port).send(message);
  const [mail] = received;
  assert.deepEqual([mail!.from, mail!.to], ['login@acme.test', ['jane@example.com']]);
  assert.match(mail!.raw, /^From: Acme <login@acme\.test>\r$/m);
  assert.match(mail!.raw, /^To: jane@example\.com\r$/m);
  assert.match(mail!.raw, /^Subject: =\?UTF-8\?/m);
  assert.match(mail!.raw, /^Content-Type: multipart\/alternative/m);
  assert.match(mail!.raw, /^Your code is 123456\r$/m);
  assert.match(mail!.raw, /<p>Your code is <b>123456<\/b><\/p>/);
});

test("the message's own sender goes before the configured one", async (context) => {
  const { port, received } = await serveSmtp(context);
  await senderTo(port).send({ ...message, from: 'other@acme.test' });
  assert.equal(received[0]!.from, 'other@acme.test');
});

test('refuses header injection and more than one recipient before connecting', async (context) => {
  const { port, received } = await serveSmtp(context);
  const sender = senderTo(port);
  const unfit: [Partial<Message>, RegExp][] = [
    [{ to: 'a@example.com\r\nBcc: b@example.com' }, /recipient/],
    [{ to: 'a@example.com, b@example.com' }, /recipient/],
    [{ to: 'a@example.com;b@example.com' }, /recipient/],
    [{ to: 'A <a@example.com>' }, /recipient/],
    [{ to: 'group:a@example.com' }, /recipient/],
    [{ to: 'a@b@example.com' }, /recipient/],
    [{ to: '' }, /recipient/],
    [{ subject: 'hi\r\nBcc: b@example.com' }, /subject/],
    [{ subject: 'hi\nBcc: b@example.com' }, /subject/],
    [{ from: 'a@acme.test\r\nBcc: b@example.com' }, /sender has a line break/],
    [{ channel: 'sms' }, /sms is not a channel/],
  ];
  for (const [change, detail] of unfit) {
    await assert.rejects(sender.send({ ...message, ...change }), notSent(detail, false), JSON.stringify(change));
  }
  assert.equal(received.length, 0);
});

test('signs in when a user is given; a wrong password is final', async (context) => {
  const { port, received } = await serveSmtp(context, {
    authOptional: false,
    onAuth: checkPassword,
    hideSTARTTLS: true,
  });
  await senderTo(port, { user: 'acme', pass: 'right', requireTls: false }).send(message);
  assert.equal(received[0]!.user, 'acme');
  const wrong = senderTo(port, { user: 'acme', pass: 'wrong', requireTls: false });
  await assert.rejects(wrong.send(message), notSent(/EAUTH/, false));
  await assert.rejects(senderTo(port).send(message), notSent(/530/, false));
  assert.equal(received.length, 1);
});

test('never gives the password to a server without encryption', async (context) => {
  let asked = 0;
  const onAuth: SMTPServerOptions['onAuth'] = (_auth, _session, done) => {
    asked += 1;
    done(null, { user: 'acme' });
  };
  const { port, received } = await serveSmtp(context, { onAuth });
  await assert.rejects(senderTo(port, { user: 'acme', pass: 'right' }).send(message), notSent(/ETLS/, false));
  assert.deepEqual([asked, received.length], [0, 0]);
});

test('a recipient rejected for good is final, one rejected for now is not', async (context) => {
  for (const [responseCode, retryable] of [
    [550, false],
    [451, true],
  ] as const) {
    const onRcptTo: SMTPServerOptions['onRcptTo'] = (_address, _session, done) =>
      done(Object.assign(new Error('no such mailbox'), { responseCode }));
    const { port, received } = await serveSmtp(context, { onRcptTo });
    await assert.rejects(senderTo(port).send(message), notSent(new RegExp(`EENVELOPE.*${responseCode}`), retryable));
    assert.equal(received.length, 0);
  }
});

test('a server that is down is worth another try', async () => {
  await assert.rejects(senderTo(1).send(message), notSent(/ESOCKET|ECONNECTION/, true));
});

test('a server that says nothing is given up in time', async (context) => {
  const silent: Server = createServer((socket) => context.after(() => socket.destroy()));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  context.after(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  await assert.rejects(senderTo(port, { timeoutMs: 50 }).send(message), notSent(/ETIMEDOUT|EABORT/, true));
});

test('a server that keeps talking without end is given up in time', async (context) => {
  const slow = createServer((socket) => {
    socket.on('error', () => {});
    const drip = setInterval(() => socket.write('220-still here\r\n'), 10);
    socket.on('close', () => clearInterval(drip));
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  context.after(() => slow.close());
  const { port } = slow.address() as AddressInfo;
  await assert.rejects(senderTo(port, { timeoutMs: 80 }).send(message), notSent(/ETIMEDOUT|EABORT/, true));
});

test('STARTTLS is used when offered and the certificate is checked', async (context) => {
  const { port, received } = await serveSmtp(context, { ...tlsServer, onAuth: checkPassword });
  const options: SmtpOptions = { host: 'mail.test', port, secure: false, from: 'login@acme.test' };
  await assert.rejects(smtpSender(options, atMailTest).send(message), notSent(/certificate/, false));
  await smtpSender({ ...options, ca: TEST_CERTIFICATE, user: 'acme', pass: 'right' }, atMailTest).send(message);
  await smtpSender({ ...options, allowInvalidCertificate: true }, atMailTest).send(message);
  assert.deepEqual(
    received.map(({ encrypted, user }) => [encrypted, user]),
    [
      [true, 'acme'],
      [true, ''],
    ],
  );
});

test('a trusted certificate of another host is refused', async (context) => {
  const { port, received } = await serveSmtp(context, tlsServer);
  const options = { host: 'other.test', port, secure: false, from: 'login@acme.test', ca: TEST_CERTIFICATE };
  await assert.rejects(smtpSender(options, atMailTest).send(message), notSent(/altnames/, false));
  assert.equal(received.length, 0);
});

test('TLS from the first byte', async (context) => {
  const { port, received } = await serveSmtp(context, { ...tlsServer, secure: true });
  const options: SmtpOptions = { host: 'mail.test', port, secure: true, from: 'login@acme.test' };
  await assert.rejects(smtpSender(options, atMailTest).send(message), notSent(/certificate/, false));
  await smtpSender({ ...options, ca: TEST_CERTIFICATE }, atMailTest).send(message);
  assert.deepEqual([received.length, received[0]!.encrypted], [1, true]);
});

test('with a resolver, servers inside are refused before connecting', async (context) => {
  const { port, received } = await serveSmtp(context);
  const outbound = createOutbound({ allowPrivateAddresses: false });
  context.after(() => outbound.close());
  const sender = smtpSender({ host: '127.0.0.1', port, secure: false, from: 'login@acme.test' }, outbound);
  await assert.rejects(sender.send(message), notSent(/may not be contacted/, false));
  assert.equal(received.length, 0);
});
