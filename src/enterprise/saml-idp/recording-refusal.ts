import { type Context, WireError } from '../../kernel/index.ts';
import type { SamlClient } from './saml-client.ts';

/** Runs `work`. A refusal in it is shown to the person only, so it is recorded in the tenant's log: as `f` for a login, `flo` for a logout. */
export async function recordingRefusal<R>(
  ctx: Context,
  { client }: SamlClient,
  type: 'f' | 'flo',
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WireError)
      ctx.audit({ type, description: error.message, client_id: client.client_id, client_name: client.name });
    throw error;
  }
}
