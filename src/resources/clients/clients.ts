import {
  type Context,
  isoTime,
  managementError,
  newClientId,
  newClientSecret,
  newThirdPartyClientId,
} from '../../kernel/index.ts';
import type { SigningKey } from '../keys/index.ts';
import { openAddons, sealAddons } from './addon-secrets.ts';
import { requireOwnCredentials } from './cimd/document-members.ts';
import { applyClientChange, type ClientChange } from './client.change.ts';
import { type ClientBody, defaultsFor, isStrictThirdParty } from './client.defaults.ts';
import { requireClientRules } from './client.rules.ts';
import { clientsOf, revealClientSecret, type StoredClient, sealClientSecret } from './client.store.ts';
import type { Client } from './client.ts';
import { clientCredentialsOf } from './credential.store.ts';
import { requireCredentials, takeNewCredentials } from './credential-references.ts';
import { grantTypesOfExisting } from './grant-types.ts';
import { requireDecodable } from './id-token-secret.ts';

/** What only the server decides about a client: an operator's fixed credentials, and whether it comes from elsewhere. */
export interface Chosen {
  readonly client_id?: string;
  readonly client_secret?: string;
  /**
   * It was in use before it came here. Auth0 (8 June 2017): such clients got every grant type, the legacy ones included, so that nothing
   * stopped working; a new client is given no legacy one unless a flag of the tenant allows it.
   */
  readonly existing?: boolean;
}

type Follower = (ctx: Context, client: StoredClient) => Promise<unknown>;
const followers = new Set<Follower>();

/** Has `follow` called, in the same transaction, after a client was made: for what new clients are given. Registering twice does nothing. */
export function onClientCreated(follow: Follower): void {
  followers.add(follow);
}

/**
 * Makes a client of `body` (already valid by the published schema) with Auth0's defaults, a random id and secret unless they are
 * `chosen`. Credentials that come with it are made too. WireError 400 when properties contradict each other, 409 when an alias is
 * taken.
 */
export async function createClient(ctx: Context, body: ClientBody, chosen: Chosen = {}): Promise<StoredClient> {
  const newId = isStrictThirdParty(body) ? newThirdPartyClientId : newClientId;
  const clientId = chosen.client_id ?? newId(ctx.random);
  const { members, credentials } = takeNewCredentials(ctx, clientId, body);
  const grants = chosen.existing ? grantTypesOfExisting(body) : [];
  const defaults = { ...defaultsFor(body), ...(chosen.existing ? { grant_types: grants } : {}) };
  const client = { ...applyClientChange(defaults, members), client_id: clientId };
  await requireClientRules(ctx, client, { grant_types: grants });
  const secret = chosen.client_secret ?? newClientSecret(ctx.random);
  requireDecodable(client, () => secret);
  const stored = {
    ...sealAddons(ctx, client, clientId),
    ...sealClientSecret(ctx, clientId, secret),
    created_at: isoTime(ctx.clock),
  } as StoredClient;
  return ctx.store.transaction(async () => {
    for (const credential of credentials) await clientCredentialsOf(ctx).insert(credential);
    const made = await clientsOf(ctx).insert(stored);
    for (const follow of followers) await follow(ctx, made);
    return made;
  });
}

/** Changes a client by `change`. WireError 400 when the properties then contradict each other, 409 when an alias is taken. */
export async function updateClient(ctx: Context, client: StoredClient, change: ClientChange): Promise<StoredClient> {
  const { client_secret: secret, ...members } = change;
  await requireCredentials(ctx, client.client_id, members);
  const sealed = typeof secret === 'string' ? sealClientSecret(ctx, client.client_id, secret) : {};
  // The rules are asked of what is stored then: two changes at once that each keep them must not break them together.
  return ctx.store.transaction(async () => {
    let before: StoredClient | undefined;
    const changed = await clientsOf(ctx).update(client.client_id, (current) => {
      before = current;
      const next = { ...applyClientChange(current, members), ...sealed };
      return members.addons ? sealAddons(ctx, next, client.client_id) : next;
    });
    if (!changed) return missingClient();
    await requireClientRules(ctx, changed, before);
    requireDecodable(changed, () => revealClientSecret(ctx, changed));
    return changed;
  });
}

/** Gives a client a new random secret. WireError 400 when it proves itself with credentials. */
export async function rotateClientSecret(ctx: Context, client: StoredClient): Promise<StoredClient> {
  requireOwnCredentials(client);
  if (client.client_authentication_methods) {
    const text = 'The secret of a client that uses client_authentication_methods cannot be rotated.';
    throw managementError(400, text, 'operation_not_supported');
  }
  const sealed = sealClientSecret(ctx, client.client_id, newClientSecret(ctx.random));
  return (await clientsOf(ctx).update(client.client_id, (current) => ({ ...current, ...sealed }))) ?? missingClient();
}

/** The client `clientId`. WireError 404. */
export async function requireClient(ctx: Context, clientId: string): Promise<StoredClient> {
  return (await clientsOf(ctx).get(clientId)) ?? missingClient();
}

function missingClient(): never {
  throw managementError(404, MISSING_CLIENT.message, MISSING_CLIENT.errorCode);
}

export const MISSING_CLIENT = { message: 'The client does not exist', errorCode: 'inexistent_client' } as const;

/** A tenant's global client shows few properties: it is no application. */
const ABSENT_FROM_GLOBAL = ['grant_types', 'oidc_conformant', 'callback_url_template', 'cross_origin_auth'];
/** Recorded of every global client: who looks after the tenant in Auth0's dashboard. There is no dashboard here. */
const NO_OWNERS: readonly string[] = [];

/**
 * A client as the wire shows it. With `secrets` it carries its secret and, when the tenant's key is given as `signing`, the
 * certificate that verifies its tokens; `subject` names that certificate's owner, which Auth0 shows to who writes alone.
 */
export function presentClient(
  ctx: Context,
  stored: StoredClient,
  options: { secrets: boolean; signing?: SigningKey | undefined; subject?: string },
): Client {
  const { client_secret_sealed: _sealed, client_secret_digest: _digest, created_at: _created, ...others } = stored;
  const { external_metadata_lapsed: _lapsed, ...shown } = others;
  const derived = { callback_url_template: false, cross_origin_auth: shown.cross_origin_authentication ?? false };
  const client: Client = {
    tenant: ctx.tenant.name,
    ...openAddons(ctx, shown, stored.client_id),
    ...derived,
  };
  if (stored.global) {
    for (const name of ABSENT_FROM_GLOBAL) delete client[name];
    client.owners = NO_OWNERS;
  }
  if (!options.secrets) {
    delete client.encryption_key;
    return client;
  }
  // Nobody may use the secret of a client that describes itself: it has keys or nothing.
  const hasSecret = !client.client_authentication_methods && stored.external_metadata_type === undefined;
  if (hasSecret) client.client_secret = revealClientSecret(ctx, stored);
  if (options.signing) client.signing_keys = [presentKey(options.signing, options.subject ?? 'deprecated')];
  return client;
}

function presentKey({ cert, pkcs7 }: SigningKey, subject: string): { cert: string; pkcs7: string; subject: string } {
  return { cert, pkcs7, subject };
}
