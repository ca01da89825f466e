import type { Context } from '../../../kernel/index.ts';
import { type Connection, federatedRules, mayLogInWith } from '../../../resources/connections/index.ts';
import { listUsableConnections } from '../../../resources/organizations/index.ts';
import type { AuthorizationRequest } from '../../../transactions/index.ts';

/** The connections that people of the application may use and that addresses lead to (Auth0: home realm discovery). */
export async function homeRealms(ctx: Context, request: AuthorizationRequest): Promise<Connection[]> {
  const { client_id, connection: wanted, organization } = request;
  const usable = (await listUsableConnections(ctx, client_id, organization)).map(({ connection }) => connection);
  return usable.filter(
    (one) =>
      mayLogInWith(one, client_id) &&
      federatedRules(one).domains.length > 0 &&
      (wanted === undefined || wanted === one.name),
  );
}

/** The one among `realms` whose `domain_aliases` have the domain of `typed`, where that is an address. */
export function homeOf(realms: readonly Connection[], typed: string): Connection | undefined {
  const domain = /@([^@\s]+)$/.exec(typed.trim())?.[1]?.toLowerCase();
  return domain === undefined ? undefined : realms.find((one) => federatedRules(one).domains.includes(domain));
}
