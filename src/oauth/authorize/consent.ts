import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { LoginDraft } from '../../transactions/index.ts';
import type { Target } from '../target.ts';

interface Wish {
  readonly transaction: Pick<LoginDraft, 'request' | 'consented'>;
  readonly client: StoredClient;
  readonly user: User | undefined;
  readonly target: Target;
  readonly scope: readonly string[];
}

/** Must the user allow what is asked for? Not what they allowed in this login or before, nor what first-party clients may skip. */
export async function isConsentNeeded(ctx: Context, wish: Wish): Promise<boolean> {
  const { transaction, user, scope } = wish;
  if (!user) return false;
  if (transaction.consented) return !covers(transaction.consented, scope);
  // RFC 9396: a transfer of money that was allowed once says nothing of the next one, whoever asks.
  if (transaction.request.authorization_details) return true;
  if (transaction.request.prompt.includes('consent')) return true;
  if (maySkip(wish)) return false;
  const grant = await consentGrantsOf(ctx).find({
    user_id: user.user_id,
    clientID: wish.client.client_id,
    audience: wish.target.identifier,
  });
  return !grant || !covers(grant.scope, scope);
}

/** The operator's own applications may log their users in without asking, and use an API without asking where it says so. */
function maySkip({ client, target }: Wish): boolean {
  if (client.is_first_party === false) return false;
  return target.resourceServer?.skip_consent_for_verifiable_first_party_clients !== false;
}

const covers = (given: readonly string[], wanted: readonly string[]) => wanted.every((scope) => given.includes(scope));
