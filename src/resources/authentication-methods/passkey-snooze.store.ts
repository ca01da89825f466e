import { type Context, collection } from '../../kernel/index.ts';

/** Somebody does not want to be offered a passkey for now: everywhere, or in one browser. */
export interface PasskeySnooze {
  /** `<user_id>|<where>` */
  readonly id: string;
  readonly user_id: string;
  /** ms */
  readonly expires_at: number;
}

export const passkeySnoozesCollection = collection<PasskeySnooze>({
  name: 'passkey_snoozes',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'expires_at',
});

/** Auth0: thirty days. */
const LENGTH = 30 * 86_400_000;

/** Who, and where: a connection, or the hash of a browser. */
interface Sleeper {
  readonly user_id: string;
  readonly where: string;
}

const keyOf = ({ user_id, where }: Sleeper) => `${user_id}|${where}`;

/** Has `sleeper` left alone for thirty days. */
export async function snoozePasskeys(ctx: Context, sleeper: Sleeper): Promise<void> {
  const { user_id } = sleeper;
  const snooze = { id: keyOf(sleeper), user_id, expires_at: ctx.clock.now() + LENGTH };
  await ctx.store.collection(passkeySnoozesCollection).put(snooze);
}

/** Is `sleeper` to be left alone? */
export async function isSnoozed(ctx: Context, sleeper: Sleeper): Promise<boolean> {
  const found = await ctx.store.collection(passkeySnoozesCollection).get(keyOf(sleeper));
  return found !== undefined && found.expires_at > ctx.clock.now();
}

/** Forgets what `userId` did not want: there is no such user any more. */
export function forgetSnoozesOf(ctx: Context, userId: string): Promise<number> {
  return ctx.store.collection(passkeySnoozesCollection).deleteWhere({ user_id: userId });
}
