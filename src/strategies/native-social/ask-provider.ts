import { type Context, fail, type OutboundRequest } from '../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../../platform/outbound/index.ts';
import { NativeLoginRefused } from './native-artifact.ts';

/**
 * The JSON object that a provider answers. Throws NativeLoginRefused when it refuses (4xx) or answers with something else; Failure
 * temporarily_unavailable when it does not answer.
 */
export async function askProvider(ctx: Context, request: OutboundRequest): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ctx.outbound.request(request).catch((error: unknown) => {
    if (error instanceof OutboundFailed || error instanceof OutboundRefused)
      return fail('temporarily_unavailable', {}, error.message);
    throw error;
  });
  if (answer.status >= 500) return fail('temporarily_unavailable', {}, `the provider answered ${answer.status}`);
  if (answer.status !== 200) throw new NativeLoginRefused(`the provider answered ${answer.status}`);
  try {
    const value = answer.json();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new NativeLoginRefused('the provider did not answer with JSON');
}
