import { type AssertionTerms, writeSaml20 } from '../../../assertions/index.ts';
import type { Context } from '../../../kernel/index.ts';
import type { Markup } from '../../../platform/xml/index.ts';
import { currentCertifiedKey } from '../../../resources/keys/index.ts';

/** Seconds: an assertion is handed in at once. */
const LIFETIME = 300;
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified';

/** Who the tenant is to services that trust its certificate (Auth0: a URN of the host, as in its SAML metadata). */
export const tenantName = (ctx: Context): string => `urn:${new URL(ctx.issuer).host}`;

/** A SAML 2.0 assertion of the tenant about a user, for one service, signed with the tenant's key. */
export async function tenantAssertion(
  ctx: Context,
  terms: Pick<AssertionTerms, 'subject' | 'claims' | 'audience' | 'recipient'>,
): Promise<Markup> {
  return writeSaml20(ctx, {
    ...terms,
    issuer: tenantName(ctx),
    lifetime: LIFETIME,
    authenticatedAt: ctx.clock.now(),
    authnContext: UNSPECIFIED,
    signature: { ...(await currentCertifiedKey(ctx)), signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' },
  });
}
