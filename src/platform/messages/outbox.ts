import type { Channel, Clock, Message, Random } from '../../kernel/index.ts';
import { isoTime } from '../../kernel/index.ts';
import type { Sender } from './sender.ts';

/** A message that was kept instead of sent. */
export interface StoredMessage extends Message {
  readonly id: string;
  /** ISO 8601. */
  readonly created_at: string;
}

/** Keeps messages for people and tests to read. Development only: whoever reads it can sign in as anybody. */
export interface Outbox {
  add(message: Message): Promise<void>;
  /** Newest first; `to` must match exactly. */
  list(filter?: { channel?: Channel; to?: string }): Promise<StoredMessage[]>;
  clear(): Promise<void>;
}

/** An outbox in memory that forgets the oldest messages beyond `capacity`. */
export function memoryOutbox(clock: Clock, random: Random, capacity = 500): Outbox {
  let newestFirst: StoredMessage[] = [];
  return {
    add: async (message) => {
      const id = `msg_${random.bytes(12).toString('hex')}`;
      // A copy, so that neither the caller nor a reader can change what was sent.
      const stored: StoredMessage = { id, ...structuredClone(message), created_at: isoTime(clock) };
      newestFirst = [stored, ...newestFirst].slice(0, capacity);
    },
    list: async ({ channel, to } = {}) => {
      const wanted = (message: StoredMessage) =>
        (channel === undefined || message.channel === channel) && (to === undefined || message.to === to);
      return structuredClone(newestFirst.filter(wanted));
    },
    clear: async () => {
      newestFirst = [];
    },
  };
}

/** Keeps every message in `outbox` instead of sending it. */
export function outboxSender(outbox: Outbox): Sender {
  return { send: (message) => outbox.add(message) };
}
