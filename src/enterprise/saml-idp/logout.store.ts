import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import type { SamlSession } from './saml-session.store.ts';

/** A session has ended, and the browser carries the news from one application to the next. */
export interface SamlLogout {
  /** SHA-256 of the `RelayState` that it comes back with. */
  readonly id: string;
  /** Who is still to hear of it. */
  readonly pending: readonly SamlSession[];
  /** Who was sent a request that is not answered yet. */
  readonly asked?: { readonly client_id: string; readonly request_id: string };
  /** Somebody could not end their own session. */
  readonly partial: boolean;
  /** The application that began it, and waits for an answer. */
  readonly originator?: { readonly client_id: string; readonly request_id: string; readonly relay_state?: string };
  /** Where it leads if none did. */
  readonly onwards?: string;
  /** ms */
  readonly expires_at: number;
}

export const samlLogoutsCollection = collection<SamlLogout>({
  name: 'saml_logouts',
  key: 'id',
  expires: 'expires_at',
});

export function samlLogoutsOf(ctx: Context): Collection<SamlLogout> {
  return ctx.store.collection(samlLogoutsCollection);
}

const LIFETIME = 600_000;

/** Stores where a logout stands. Answers the handle that it goes on with, once. */
export async function keepLogout(ctx: Context, logout: Omit<SamlLogout, 'id' | 'expires_at'>): Promise<string> {
  const handle = randomToken(ctx.random);
  await samlLogoutsOf(ctx).insert({ ...logout, id: hashToken(handle), expires_at: ctx.clock.now() + LIFETIME });
  return handle;
}

/** The logout behind `handle`; undefined when there is none any more. Uses nothing up. */
export async function findLogout(ctx: Context, handle: string | undefined): Promise<SamlLogout | undefined> {
  const found = handle ? await samlLogoutsOf(ctx).get(hashToken(handle)) : undefined;
  return found && found.expires_at > ctx.clock.now() ? found : undefined;
}
