import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frozenClock, type Message, seededRandom } from '../../kernel/index.ts';
import { createMessenger, memoryOutbox, outboxSender } from './index.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);
const sms = (to: string, text: string): Message => ({ channel: 'sms', to, text });

test('lists newest first, with everything that was said, an id and the time', async () => {
  const clock = frozenClock(NOW);
  const outbox = memoryOutbox(clock, seededRandom('outbox'));
  const email: Message = {
    channel: 'email',
    to: 'jane@example.com',
    from: 'login@acme.test',
    subject: 'Verify',
    text: 'https://acme.test/t 123456',
    html: '<p>123456</p>',
    code: '123456',
    link: 'https://acme.test/t',
    data: { template: 'verify_email' },
  };
  await createMessenger({ senders: { email: outboxSender(outbox) }, wait: async () => {} }).deliver(email);
  clock.advance(1);
  await outbox.add(sms('+15551239167', 'second'));
  const [second, first] = await outbox.list();
  const { id, created_at, ...rest } = first!;
  assert.deepEqual(rest, email);
  assert.match(id, /^msg_[0-9a-f]{24}$/);
  assert.notEqual(second!.id, id);
  assert.deepEqual([created_at, second!.created_at], ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:01.000Z']);
});

test('filters by channel and by recipient, and can be emptied', async () => {
  const outbox = memoryOutbox(frozenClock(NOW), seededRandom('outbox'));
  await outbox.add(sms('+15551239167', 'one'));
  await outbox.add(sms('+15551230000', 'two'));
  await outbox.add({ channel: 'voice', to: '+15551239167', text: 'three' });
  const texts = async (filter: Parameters<typeof outbox.list>[0]) =>
    (await outbox.list(filter)).map(({ text }) => text);
  assert.deepEqual(await texts({ channel: 'sms' }), ['two', 'one']);
  assert.deepEqual(await texts({ to: '+15551239167' }), ['three', 'one']);
  assert.deepEqual(await texts({ channel: 'sms', to: '+15551239167' }), ['one']);
  assert.deepEqual(await texts({ channel: 'push' }), []);
  await outbox.clear();
  assert.deepEqual(await outbox.list(), []);
});

test('forgets the oldest beyond its capacity', async () => {
  const outbox = memoryOutbox(frozenClock(NOW), seededRandom('outbox'), 2);
  for (const text of ['one', 'two', 'three']) await outbox.add(sms('+15551239167', text));
  assert.deepEqual(
    (await outbox.list()).map(({ text }) => text),
    ['three', 'two'],
  );
});

test('what is kept cannot be changed from outside', async () => {
  const outbox = memoryOutbox(frozenClock(NOW), seededRandom('outbox'));
  const data = { attempt: 1 };
  await outbox.add({ ...sms('+15551239167', 'one'), data });
  data.attempt = 2;
  const [read] = await outbox.list();
  (read!.data as { attempt: number }).attempt = 3;
  assert.deepEqual((await outbox.list())[0]!.data, { attempt: 1 });
});
