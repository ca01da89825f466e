import type { ClaimSettings } from '../../assertions/index.ts';
import { type Context, oauthError } from '../../kernel/index.ts';
import type { DigestName, SignatureName } from '../../platform/xml/index.ts';
import { clientsOf, findClient, requireOwnEndpoints, type StoredClient } from '../../resources/clients/index.ts';
import { isSharePoint } from '../presets/index.ts';

/** `addons.wsfed` of a client, as it was checked when it was written: what the token says. All are optional. */
export interface WsFedSettings extends ClaimSettings {
  /** `rsa-sha256` */
  readonly signatureAlgorithm?: SignatureName;
  /** `sha256` */
  readonly digestAlgorithm?: DigestName;
  /** Seconds: 28800. */
  readonly lifetimeInSeconds?: number;
  readonly nameIdentifierFormat?: string;
  readonly nameIdentifierProbes?: readonly string[];
}

/** An application that speaks WS-Federation. */
export interface RelyingParty {
  readonly client: StoredClient;
  readonly settings: WsFedSettings;
  /** What it is called in tokens: their audience. */
  readonly realm: string;
}

/**
 * Who asks: the client of the path, or else the one whose realm `wtrealm` is. A realm is `urn:` and the client_id, or an alias of the client;
 * that of another client gets nothing.
 *
 * @throws WireError (page, 400; 403 for a strict third party)
 */
export async function requireRelyingParty(
  ctx: Context,
  clientId: string | undefined,
  wtrealm: string | undefined,
): Promise<RelyingParty> {
  const client = clientId === undefined ? await clientOfRealm(ctx, wtrealm) : await findClient(ctx, clientId);
  if (!client || client.global) throw invalid(`Unknown ${clientId === undefined ? 'realm' : 'client'}`);
  const settings = wsFedSettingsOf(client);
  requireOwnEndpoints(client, { client_id: client.client_id });
  if (!settings) throw invalid('The WS-Fed addon is not enabled for this client', client);
  const realms = await realmsOf(ctx, client);
  if (wtrealm !== undefined && !realms.includes(wtrealm))
    throw invalid('The wtrealm is not that of this client', client);
  return { client, settings, realm: uriOf(wtrealm ?? realms[0] ?? '') };
}

/** The settings of a client that speaks WS-Federation; undefined for all others. */
export function wsFedSettingsOf(client: StoredClient): WsFedSettings | undefined {
  const { wsfed } = (client.addons ?? {}) as { wsfed?: WsFedSettings | null };
  return wsfed ?? (isSharePoint(client) ? {} : undefined);
}

/** Every name that a client goes by, the one that it goes by unless it says so first. Another client's id is none of them. */
async function realmsOf(ctx: Context, { client_id, client_aliases = [] }: StoredClient): Promise<readonly string[]> {
  const own = await Promise.all(
    client_aliases.map(async (alias) => {
      const named = await clientNamed(ctx, alias);
      return named === undefined || named.client_id === client_id ? [alias] : [];
    }),
  );
  return [...own.flat(), `urn:${client_id}`];
}

/** The client whose id a realm has, as `urn:<client_id>`. */
async function clientNamed(ctx: Context, realm: string): Promise<StoredClient | undefined> {
  return realm.startsWith('urn:') ? findClient(ctx, realm.slice('urn:'.length)) : undefined;
}

/** A client's own id comes first: an alias cannot take it over. */
async function clientOfRealm(ctx: Context, wtrealm: string | undefined): Promise<StoredClient | undefined> {
  if (wtrealm === undefined) throw invalid('The wtrealm is missing');
  const named = await clientNamed(ctx, wtrealm);
  return named ?? (await clientsOf(ctx).list()).find(({ client_aliases: aliases }) => aliases?.includes(wtrealm));
}

/** Realms are URIs (WS-Federation §13.2.2); Auth0 makes one of any name. */
function uriOf(realm: string): string {
  return /^(https?:|urn:)/.test(realm) ? realm : `urn:${realm}`;
}

function invalid(text: string, client?: StoredClient) {
  return oauthError(400, 'invalid_request', text, client ? { extra: { client_id: client.client_id } } : {});
}
