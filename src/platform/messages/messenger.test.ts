import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../kernel/index.ts';
import { createMessenger, MessageNotSent, type Sender } from './index.ts';

const message: Message = { channel: 'sms', to: '+15551239167', text: 'Your code is 123456', code: '123456' };

/** Fails with the given errors, one for each call, then succeeds. */
function flakySender(...failures: Error[]): Sender & { sent: number; tried: number } {
  const sender = {
    sent: 0,
    tried: 0,
    send: async () => {
      const failure = failures[sender.tried];
      sender.tried += 1;
      if (failure !== undefined) throw failure;
      sender.sent += 1;
    },
  };
  return sender;
}

function messengerWith(sender: Sender, attempts?: number) {
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const messenger = createMessenger({ senders: { sms: sender }, wait, ...(attempts && { attempts }) });
  return { messenger, waits };
}

const busy = () => new MessageNotSent('busy', { retryable: true });

test('a message that is taken over is sent once', async () => {
  const sender = flakySender();
  const { messenger, waits } = messengerWith(sender);
  await messenger.deliver(message);
  assert.deepEqual([sender.sent, sender.tried, waits], [1, 1, []]);
});

test('failures that may pass are tried again, with longer pauses', async () => {
  const sender = flakySender(busy(), busy());
  const { messenger, waits } = messengerWith(sender);
  await messenger.deliver(message);
  assert.deepEqual([sender.sent, sender.tried, waits], [1, 3, [200, 1000]]);
});

test('after the last attempt the failure is reported', async () => {
  const sender = flakySender(busy(), busy(), busy(), busy(), busy());
  const { messenger, waits } = messengerWith(sender);
  await assert.rejects(messenger.deliver(message), { name: 'MessageNotSent', detail: 'busy', retryable: true });
  assert.deepEqual([sender.tried, waits], [3, [200, 1000]]);
});

test('the number of attempts can be set', async () => {
  const once = flakySender(busy());
  await assert.rejects(messengerWith(once, 1).messenger.deliver(message), { detail: 'busy' });
  assert.equal(once.tried, 1);
  const patient = flakySender(busy(), busy(), busy(), busy());
  const { messenger, waits } = messengerWith(patient, 5);
  await messenger.deliver(message);
  assert.deepEqual(waits, [200, 1000, 1000, 1000]);
});

test('a final failure is not tried again', async () => {
  const sender = flakySender(new MessageNotSent('no such number'));
  await assert.rejects(messengerWith(sender).messenger.deliver(message), {
    detail: 'no such number',
    retryable: false,
  });
  assert.equal(sender.tried, 1);
});

test('a sender that breaks is not tried again, and its words do not reach the detail', async () => {
  const sender = flakySender(new TypeError(`cannot read ${message.text}`));
  await assert.rejects(messengerWith(sender).messenger.deliver(message), {
    name: 'MessageNotSent',
    message: 'The message could not be sent',
    detail: 'the sms sender broke: TypeError',
    retryable: false,
  });
  assert.equal(sender.tried, 1);
});

test('a channel without a sender is a failure, never a silent success', async () => {
  const { messenger } = messengerWith(flakySender());
  await assert.rejects(messenger.deliver({ ...message, channel: 'email' }), {
    name: 'MessageNotSent',
    detail: 'no sender configured for email',
    retryable: false,
  });
});
