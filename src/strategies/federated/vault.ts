import { type Context, fail, type Outbound } from '../../kernel/index.ts';
import { refreshAtProvider } from '../../platform/upstream/index.ts';
import { type Connection, connectionsOf } from '../../resources/connections/index.ts';
import {
  type FederatedTokenset,
  federatedTokensetsOf,
  openTokenset,
  replaceTokens,
  reserveRenewal,
} from '../../resources/federated-tokensets/index.ts';
import { providerOf } from './provider.ts';

/** A token that ends sooner is renewed: it must outlast the way to whoever asked. */
const MARGIN_MS = 10_000;
/** Longer than asking a provider may take: discovery and exchange, five seconds each. */
const LEASE_MS = 30_000;

/** Renewals under way in this process, by way out, tenant and tokenset: whoever comes meanwhile waits for the same one. */
const underWay = new WeakMap<Outbound, Map<string, Promise<FederatedTokenset | undefined>>>();

/**
 * The tokenset with an access token that is good now, renewed at the provider where it has ended: once, however many ask at the same
 * time, and saved before anybody gets it. Undefined when it has ended and there is nothing to renew it with.
 *
 * @throws UpstreamTrouble when the provider refuses; Failure temporarily_unavailable while another process renews it
 */
export async function freshTokenset(
  ctx: Context,
  connection: Connection,
  tokenset: FederatedTokenset,
): Promise<FederatedTokenset | undefined> {
  if (isGood(ctx, tokenset)) return tokenset;
  const renewals = underWay.get(ctx.outbound) ?? new Map<string, Promise<FederatedTokenset | undefined>>();
  underWay.set(ctx.outbound, renewals);
  const name = `${ctx.tenant.id} ${tokenset.id}`;
  const known = renewals.get(name);
  if (known) return known;
  const renewal = renew(ctx, connection.id, tokenset).finally(() => renewals.delete(name));
  renewals.set(name, renewal);
  return renewal;
}

function isGood({ clock }: Context, { expires_at }: FederatedTokenset): boolean {
  return expires_at === undefined || expires_at > clock.now() + MARGIN_MS;
}

async function renew(ctx: Context, connectionId: string, seen: FederatedTokenset) {
  const { refresh_token } = openTokenset(ctx, seen);
  const connection = await connectionsOf(ctx).get(connectionId);
  if (refresh_token === undefined || !connection) return undefined;
  const provider = await providerOf(ctx, connection);
  if (!(await reserveRenewal(ctx, seen, LEASE_MS))) return afterAnother(ctx, seen);
  let tokens: Awaited<ReturnType<typeof refreshAtProvider>> | undefined;
  try {
    tokens = await refreshAtProvider(ctx, provider, refresh_token);
  } finally {
    if (!tokens) await replaceTokens(ctx, seen, undefined);
  }
  return (await replaceTokens(ctx, seen, tokens)) ?? afterAnother(ctx, seen);
}

/** What somebody else made of the tokenset meanwhile. */
async function afterAnother(ctx: Context, { id }: FederatedTokenset): Promise<FederatedTokenset | undefined> {
  const stored = await federatedTokensetsOf(ctx).get(id);
  if (!stored || isGood(ctx, stored)) return stored;
  return fail('temporarily_unavailable', {}, 'the tokens are being renewed elsewhere');
}
