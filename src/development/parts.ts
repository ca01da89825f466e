import type { Context, MovableClock } from '../kernel/index.ts';
import type { OutboxPush } from '../pages/index.ts';
import type { Outbox } from '../platform/messages/index.ts';

/** The push notifications that wait for an answer, and a person's way to give it without the app. */
export interface PushDesk {
  /** Newest first. */
  list(ctx: Context): Promise<OutboxPush[]>;
  /** No-op when the notification is gone or answered. */
  approve(ctx: Context, id: string): Promise<void>;
  reject(ctx: Context, id: string): Promise<void>;
}

/** What `/_dev` shows and moves: handed in where the application is put together. */
export interface DevelopmentParts {
  readonly outbox: Outbox;
  readonly clock: MovableClock;
  readonly pushes: PushDesk;
}
