import type { Context } from '../../kernel/index.ts';
import { findClient } from './client.store.ts';
import { type ClientCredential, clientCredentialsOf } from './credential.store.ts';
import { type CredentialBody, MOST_CREDENTIALS, tooManyCredentials } from './credential-body.ts';
import { referencedCredentials } from './credential-references.ts';
import { listCredentials, makeCredential } from './credentials.ts';

/**
 * Gives a client credentials. WireError 400 when one cannot be read, or the client would have more than two of a type besides those
 * that are in use; then none is added.
 */
export async function addCredentials(
  ctx: Context,
  clientId: string,
  bodies: readonly CredentialBody[],
): Promise<ClientCredential[]> {
  const made = bodies.map((body) => makeCredential(ctx, clientId, body));
  const collection = clientCredentialsOf(ctx);
  return ctx.store.transaction(async () => {
    const spare = await listSpare(ctx, clientId);
    for (const credential of made) {
      spare.push(credential);
      const ofType = spare.filter(({ credential_type }) => credential_type === credential.credential_type);
      if (ofType.length > MOST_CREDENTIALS) throw tooManyCredentials();
      await collection.insert(credential);
    }
    return made;
  });
}

/** The client's credentials that it does not use yet: those in use have a limit of their own, where they are put to use. */
async function listSpare(ctx: Context, clientId: string): Promise<ClientCredential[]> {
  const used = referencedCredentials((await findClient(ctx, clientId)) ?? {});
  return (await listCredentials(ctx, clientId)).filter(({ id }) => !used.has(id));
}
