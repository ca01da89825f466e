import type { AuditEvent, Context, Message } from '../../kernel/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';

/**
 * Delivers `content`. Answers what the tenant's log is to say of it, or nothing.
 *
 * @throws NotDelivered, or any other error, when it was not delivered
 */
export type Way = (ctx: Context, content: unknown) => Promise<AuditEvent | undefined>;

const ways = new Map<string, Way>();

/** Has what was kept under the name `way` delivered by `deliver`. Called when the server is put together. */
export function deliverBy(way: string, deliver: Way): void {
  ways.set(way, deliver);
}

/** The way called `name`; that of messages for people when there is no name. Throws when nobody registered it. */
export function wayCalled(name: string | undefined): Way {
  if (name === undefined) return sendMessage;
  const found = ways.get(name);
  if (!found) throw new TypeError(`nobody delivers ${name}`);
  return found;
}

async function sendMessage(ctx: Context, content: unknown): Promise<undefined> {
  await ctx.messenger.deliver(content as Message);
}

/** It was not delivered. `isFinal`: trying again is no use. `details` go to the log of the tenant when it is given up. */
export class NotDelivered extends Error {
  readonly isFinal: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(details: Readonly<Record<string, unknown>>, options: { isFinal: boolean; cause?: unknown }) {
    super('It could not be delivered', { cause: options.cause });
    this.name = 'NotDelivered';
    this.isFinal = options.isFinal;
    this.details = details;
  }
}

const MOST_ERROR_CHARACTERS = 500;

/** For the operator; an error that is not a sender's may hold anything, so only its kind is kept. */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof NotDelivered) return error.details;
  if (error instanceof MessageNotSent) return { error: error.detail.slice(0, MOST_ERROR_CHARACTERS) };
  return { error: error instanceof Error ? error.name : 'unknown' };
}
