import { CLAIM, type Claim, claimText } from './claim.ts';

export interface NameIdentifier {
  readonly value: string;
  readonly format: string;
}

/** Auth0's default, for `nameIdentifierFormat`. */
export const UNSPECIFIED_NAME = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
const PROBES: readonly string[] = [CLAIM.nameidentifier, CLAIM.emailaddress, CLAIM.name];

/** The first of `nameIdentifierProbes` that the claims have a value for: who the subject is to the application. */
export function nameIdentifierOf(
  claims: readonly Claim[],
  settings: { readonly nameIdentifierFormat?: string; readonly nameIdentifierProbes?: readonly string[] },
): NameIdentifier | { readonly problem: string } {
  const probes = settings.nameIdentifierProbes?.length ? settings.nameIdentifierProbes : PROBES;
  for (const probe of probes) {
    const [first] = claims.find(({ name }) => name === probe)?.values ?? [];
    if (first !== undefined)
      return { value: claimText(first), format: settings.nameIdentifierFormat ?? UNSPECIFIED_NAME };
  }
  return { problem: `No attribute was found to generate the nameIdentifier. We tried with: ${probes.join(', ')}` };
}
