import type { Context } from '../../../kernel/index.ts';
import { mayOfferPasskey, type PasskeyOffer, type PasskeyOwner } from '../../../strategies/index.ts';
import type { Transaction } from '../../../transactions/index.ts';
import type { Form } from '../../step.ts';

/** Fields that say what the browser can do; a script fills them in. Names as Auth0's. */
export const WEBAUTHN_FIELDS = ['webauthn-available', 'webauthn-platform-available'] as const;

/** The passkey that is to be offered to `owner`, who has just typed their password, if the browser can make one. */
export function offerFirst(
  ctx: Context,
  transaction: Transaction,
  owner: PasskeyOwner,
  form: Form,
): Promise<PasskeyOffer | undefined> {
  return offer(ctx, transaction, owner, form['webauthn-available'] === 'true' ? 'progressive' : undefined);
}

/** The same for who has used one: of another device, and this one could have its own. What the browser says decides on an offer only. */
export function offerLocal(
  ctx: Context,
  transaction: Transaction,
  owner: PasskeyOwner,
  { form, answer }: { readonly form: Form; readonly answer: Readonly<Record<string, unknown>> },
): Promise<PasskeyOffer | undefined> {
  const isElsewhere = answer.authenticatorAttachment === 'cross-platform';
  const isPossible = isElsewhere && form['webauthn-platform-available'] === 'true';
  return offer(ctx, transaction, owner, isPossible ? 'local' : undefined);
}

async function offer(
  ctx: Context,
  { actor, browser_hash: browser }: Transaction,
  owner: PasskeyOwner,
  wanted: PasskeyOffer | undefined,
): Promise<PasskeyOffer | undefined> {
  // What a user logs in with is theirs to set up.
  if (wanted === undefined || actor) return undefined;
  return (await mayOfferPasskey(ctx, wanted, { ...owner, browser })) ? wanted : undefined;
}
