import { type Context, isFailure, isoTime, prefixedId } from '../../../kernel/index.ts';
import { applyClientChange, type ClientChange } from '../client.change.ts';
import { requireClientRules } from '../client.rules.ts';
import { clientsOf, findClientOfDocument, type StoredClient } from '../client.store.ts';
import { createClient, requireClient } from '../clients.ts';
import { type ClientCredential, clientCredentialsOf } from '../credential.store.ts';
import { listCredentials } from '../credentials.ts';
import type { Assessment } from './assess-document.ts';
import { noteRight } from './document-copy.store.ts';
import type { PublishedKey } from './read-keys.ts';

/** What became of a document. */
export interface Saved {
  readonly client: StoredClient;
  readonly isNew: boolean;
  /** About keys that were not taken over. */
  readonly warnings: readonly string[];
}

/**
 * Makes the client of a document that was found right, or brings the one that there is up to date. `permit` is asked before, whether
 * there is one; it throws what forbids it.
 *
 * @throws WireError 400 when the client's other properties forbid it
 */
export async function saveDocumentClient(
  ctx: Context,
  assessment: Assessment,
  permit: (existing: StoredClient | undefined) => void,
): Promise<Saved> {
  const find = () => findClientOfDocument(ctx, assessment.mapped.external_client_id);
  const save = async () => {
    const existing = await find();
    permit(existing);
    return ctx.store.transaction(() => (existing ? refresh(ctx, existing, assessment) : make(ctx, assessment)));
  };
  try {
    return await save();
  } catch (error) {
    // Somebody else registered the same document a moment ago.
    if (isFailure(error, 'duplicate') && (await find())) return save();
    throw error;
  }
}

async function make(ctx: Context, assessment: Assessment): Promise<Saved> {
  const created = await createClient(ctx, {
    ...changeOf(assessment),
    name: assessment.mapped.name ?? '',
    external_client_id: assessment.mapped.external_client_id,
    external_metadata_type: 'cimd',
    external_metadata_created_by: 'admin',
    is_first_party: false,
    third_party_security_mode: 'strict',
    oidc_conformant: true,
  } as Parameters<typeof createClient>[1]);
  const { client, warnings } = await takeKeys(ctx, created, assessment.keys);
  await noteRight(ctx, client.client_id, assessment.caching);
  return { client, warnings, isNew: true };
}

async function refresh(ctx: Context, existing: StoredClient, assessment: Assessment): Promise<Saved> {
  const changed = await clientsOf(ctx).update(existing.client_id, (current) =>
    applyClientChange(current, changeOf(assessment)),
  );
  // 404: it was deleted a moment ago.
  const { client, warnings } = await takeKeys(
    ctx,
    changed ?? (await requireClient(ctx, existing.client_id)),
    assessment.keys,
  );
  await requireClientRules(ctx, client, existing);
  await noteRight(ctx, client.client_id, assessment.caching);
  return { client, warnings, isNew: false };
}

/** A description may be the tenant's own: it stays where the document has none. */
function changeOf({ mapped }: Assessment): ClientChange {
  const { name, app_type, callbacks, logo_uri, description, grant_types, token_endpoint_auth_method, jwks_uri } =
    mapped;
  return {
    name,
    app_type,
    callbacks: callbacks ?? null,
    logo_uri: logo_uri ?? null,
    ...(description === undefined ? {} : { description }),
    grant_types,
    token_endpoint_auth_method: token_endpoint_auth_method === 'none' ? 'none' : null,
    jwks_uri: jwks_uri ?? null,
    external_metadata_lapsed: null,
  } as ClientChange;
}

/**
 * Has the client prove itself by these keys and no others. Auth0: a key that comes under the `kid` of another one is not taken; whoever
 * changes keys says so by a new name.
 */
export async function takeKeys(
  ctx: Context,
  client: StoredClient,
  keys: readonly PublishedKey[],
): Promise<{ client: StoredClient; warnings: string[] }> {
  const had = await listCredentials(ctx, client.client_id);
  const warnings: string[] = [];
  const kept = keys.map((key) => {
    const known = had.find(({ kid }) => kid === key.kid);
    if (known && known.pem !== key.pem)
      warnings.push(`Key not replaced: '${key.kid}' is registered with other key material`);
    return known ?? credentialOf(ctx, client, key);
  });
  for (const one of had.filter((credential) => !kept.includes(credential)))
    await clientCredentialsOf(ctx).delete(one.id);
  for (const one of kept.filter((credential) => !had.includes(credential))) await clientCredentialsOf(ctx).insert(one);
  const credentials = kept.map(({ id }) => ({ id }));
  const client_authentication_methods = keys.length > 0 ? { private_key_jwt: { credentials } } : null;
  const changed = await clientsOf(ctx).update(client.client_id, (current) =>
    applyClientChange(current, { client_authentication_methods }),
  );
  return { client: changed ?? client, warnings };
}

function credentialOf(ctx: Context, { client_id }: StoredClient, key: PublishedKey): ClientCredential {
  const now = isoTime(ctx.clock);
  const id = prefixedId(ctx.random, 'cred_', 22);
  return { id, client_id, credential_type: 'public_key', ...key, created_at: now, updated_at: now };
}
