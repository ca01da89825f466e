import { signJwt } from '../src/platform/crypto/index.ts';
import { currentSigner } from '../src/resources/keys/index.ts';
import type { TestTenant } from './server.ts';

/** A Management API token of `tenant` with these scopes, as its own issuer mints them, for no client unless `claims` have an `azp`. */
export async function managementToken(
  tenant: TestTenant,
  scopes: readonly string[],
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(tenant.ctx.clock.now() / 1000);
  return signJwt(await currentSigner(tenant.ctx), {
    iss: tenant.issuer,
    sub: 'tests@clients',
    aud: `${tenant.issuer}api/v2/`,
    iat: now,
    exp: now + 86400,
    scope: scopes.join(' '),
    gty: 'client-credentials',
    ...claims,
  });
}
