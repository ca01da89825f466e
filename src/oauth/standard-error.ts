import { type Context, Failure, WireError } from '../kernel/index.ts';
import { presentFailure } from '../platform/http/index.ts';
import { findClient, type StoredClient } from '../resources/clients/index.ts';
import { complianceOf } from './compliance.ts';

/** The code at `/authorize` for what Auth0 has a code of its own for (RFC 6749 §4.1.2.1). */
export function standardCode(client: StoredClient, error: string): string {
  return error === 'unauthorized' && complianceOf(client)?.standardErrors ? 'access_denied' : error;
}

/**
 * The error of a token endpoint as RFC 6749 §5.2 has it, for a client whose compliance level wants that: 401 means `invalid_client`, all else
 * is 400, and a user who may not log in makes an `invalid_grant`. For other clients, as it is.
 *
 * @param claimed the `client_id` of a request whose client was not authenticated
 */
export async function standardError(
  ctx: Context,
  error: unknown,
  { client, claimed }: { client?: StoredClient | undefined; claimed?: unknown },
): Promise<unknown> {
  const known = client ?? (typeof claimed === 'string' ? await findClient(ctx, claimed) : undefined);
  if (!known || !complianceOf(known)?.standardErrors) return error;
  const wire = error instanceof Failure ? presentFailure('oauth', error) : error;
  if (!(wire instanceof WireError) || wire.status >= 429) return error;
  const { status, body, headers, detail } = wire;
  const code = status === 401 ? 'invalid_client' : body.error === 'unauthorized' ? 'invalid_grant' : body.error;
  return new WireError(
    status === 401 ? 401 : 400,
    { ...body, error: code },
    { headers, ...(detail ? { detail } : {}) },
  );
}
