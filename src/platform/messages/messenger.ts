import type { Channel, Message, Messenger } from '../../kernel/index.ts';
import { MessageNotSent, type Sender } from './sender.ts';

export interface MessengerOptions {
  readonly senders: Readonly<Partial<Record<Channel, Sender>>>;
  /** Lets time pass, in milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** How often to try at most. */
  readonly attempts?: number;
}

/** Pauses before the second and the third try; later ones wait as long as the third. */
const BACK_OFF_MS = [200, 1_000];

/**
 * A messenger that hands each message to the sender of its channel and tries again after failures that may pass.
 * `deliver` throws MessageNotSent: the last failure, or that the channel has no sender.
 */
export function createMessenger({ senders, wait, attempts = 3 }: MessengerOptions): Messenger {
  return {
    deliver: async (message) => {
      const sender = senders[message.channel];
      if (sender === undefined) throw new MessageNotSent(`no sender configured for ${message.channel}`);
      for (let attempt = 1; ; attempt += 1) {
        const failure = await trySending(sender, message);
        if (failure === undefined) return;
        if (!failure.retryable || attempt >= attempts) throw failure;
        await wait(BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length) - 1]!);
      }
    },
  };
}

async function trySending(sender: Sender, message: Message): Promise<MessageNotSent | undefined> {
  try {
    await sender.send(message);
    return undefined;
  } catch (error) {
    if (error instanceof MessageNotSent) return error;
    // Not ours, so its text may hold anything: only its kind goes into the detail.
    const kind = error instanceof Error ? error.name : typeof error;
    return new MessageNotSent(`the ${message.channel} sender broke: ${kind}`, { cause: error });
  }
}
