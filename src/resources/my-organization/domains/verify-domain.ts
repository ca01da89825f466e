import { type Context, problem } from '../../../kernel/index.ts';
import { OutboundFailed } from '../../../platform/outbound/index.ts';
import { type DiscoveryDomain, discoveryDomainsOf } from '../../organizations/index.ts';

/**
 * Looks for the text that only the domain's owner can publish, and notes that the domain is verified when it is there. Who waits for a name
 * server may ask again: nothing is taken back from a domain that was verified. Problem 503 when no name server answers.
 */
export async function verifyDomain(ctx: Context, domain: DiscoveryDomain): Promise<DiscoveryDomain> {
  if (domain.status === 'verified') return domain;
  const published = await readTexts(ctx, domain.verification_host);
  if (!published.includes(domain.verification_txt)) return domain;
  const verified = await discoveryDomainsOf(ctx).update(domain.id, (row) => ({ ...row, status: 'verified' }));
  if (!verified) throw problem('not_found', 'The organization domain does not exist.');
  return verified;
}

async function readTexts(ctx: Context, host: string): Promise<readonly string[]> {
  try {
    return await ctx.outbound.texts(host);
  } catch (error) {
    if (!(error instanceof OutboundFailed)) throw error;
    throw problem('unavailable', 'The name servers did not answer, try again later.', { detail: error.message });
  }
}
