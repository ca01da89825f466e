import { type Context, oauthError } from '../../kernel/index.ts';
import type { EnvelopedSignature } from '../../platform/xml/index.ts';
import { findClient, requireOwnEndpoints, type StoredClient } from '../../resources/clients/index.ts';
import { currentCertifiedKey } from '../../resources/keys/index.ts';
import { samlPresetOf } from '../presets/index.ts';
import type { SamlSettings } from '../saml-settings.ts';

/** An application that speaks SAML. */
export interface SamlClient {
  readonly client: StoredClient;
  readonly settings: SamlSettings;
  /** Users are known there by their e-mail addresses: those without a verified one are refused. */
  readonly byEmail: boolean;
}

/** The client `clientId` if it has the SAML add-on. WireError (page, 400) otherwise. */
export async function requireSamlClient(ctx: Context, clientId: string): Promise<SamlClient> {
  const client = await findClient(ctx, clientId);
  if (!client || client.global) throw oauthError(400, 'invalid_request', `Unknown client: ${clientId}`);
  const found = samlClientOf(client);
  const extra = { client_id: client.client_id };
  requireOwnEndpoints(client, extra);
  if (found) return found;
  throw oauthError(400, 'invalid_request', 'The SAML2 Web App addon is not enabled for this client', { extra });
}

/** `client` with its settings, or those of the service that it is; undefined when it does not speak SAML. */
export function samlClientOf(client: StoredClient): SamlClient | undefined {
  const { samlp } = (client.addons ?? {}) as { samlp?: SamlSettings | null };
  if (samlp) return { client, settings: samlp, byEmail: false };
  const chosen = samlPresetOf(client);
  return chosen && { client, settings: chosen.preset.saml(chosen.settings), byEmail: chosen.preset.byEmail };
}

/** Who we are to this application (Auth0: a URN of the host). */
export function issuerFor(ctx: Context, { settings }: SamlClient): string {
  return settings.issuer ?? `urn:${new URL(ctx.issuer).host}`;
}

/** What signs the messages to it: the tenant's key, by the algorithms of its settings. */
export async function signatureFor(ctx: Context, { settings }: SamlClient): Promise<EnvelopedSignature> {
  const { signatureAlgorithm = 'rsa-sha1', digestAlgorithm = 'sha1' } = settings;
  return { ...(await currentCertifiedKey(ctx)), signatureAlgorithm, digestAlgorithm };
}

/** Where the application sends its login requests. */
export function loginAddress(ctx: Context, { client }: SamlClient): string {
  return `${ctx.issuer}samlp/${client.client_id}`;
}

/** Where it sends its logout messages. */
export function logoutAddress(ctx: Context, saml: SamlClient): string {
  return `${loginAddress(ctx, saml)}/logout`;
}
