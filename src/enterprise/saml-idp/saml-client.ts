import type { ClaimSettings } from '../../assertions/index.ts';
import { type Context, oauthError } from '../../kernel/index.ts';
import type { DigestName, EnvelopedSignature, SignatureName } from '../../platform/xml/index.ts';
import { findClient, isStrictThirdParty, type StoredClient } from '../../resources/clients/index.ts';
import { currentCertifiedKey } from '../../resources/keys/index.ts';

/** `addons.samlp` of a client, as it was checked when it was written. The comments have Auth0's defaults. */
export interface SamlSettings extends ClaimSettings {
  /** The issuer of the request. */
  readonly audience?: string;
  /** Where the answer is posted to. */
  readonly recipient?: string;
  /** Where the answer is posted to. */
  readonly destination?: string;
  /** `urn:` and the host. */
  readonly issuer?: string;
  /** `rsa-sha1` */
  readonly signatureAlgorithm?: SignatureName;
  /** `sha1` */
  readonly digestAlgorithm?: DigestName;
  /** Seconds: 3600. */
  readonly lifetimeInSeconds?: number;
  /** false: the assertion is signed. */
  readonly signResponse?: boolean;
  readonly nameIdentifierFormat?: string;
  readonly nameIdentifierProbes?: readonly string[];
  readonly authnContextClassRef?: string;
  /** true */
  readonly typedAttributes?: boolean;
  /** true */
  readonly includeAttributeNameFormat?: boolean;
  /** PEM: requests are taken only with a signature of it. */
  readonly signingCert?: string;
  /** How logout messages are sent: HTTP-POST. */
  readonly binding?: string;
  readonly logout?: { readonly callback?: string; readonly slo_enabled?: boolean };
}

/** An application that speaks SAML. */
export interface SamlClient {
  readonly client: StoredClient;
  readonly settings: SamlSettings;
}

/** The client `clientId` if it has the SAML add-on. WireError (page, 400) otherwise. */
export async function requireSamlClient(ctx: Context, clientId: string): Promise<SamlClient> {
  const client = await findClient(ctx, clientId);
  if (!client || client.global) throw oauthError(400, 'invalid_request', `Unknown client: ${clientId}`);
  const found = samlClientOf(client);
  const extra = { client_id: client.client_id };
  // Auth0: strict third-party clients have OAuth's endpoints and no others.
  if (isStrictThirdParty(client))
    throw oauthError(403, 'unauthorized_client', 'The client may not use this endpoint', { extra });
  if (found) return found;
  throw oauthError(400, 'invalid_request', 'The SAML2 Web App addon is not enabled for this client', { extra });
}

/** `client` with its settings; undefined when it does not speak SAML. */
export function samlClientOf(client: StoredClient): SamlClient | undefined {
  const { samlp } = (client.addons ?? {}) as { samlp?: SamlSettings | null };
  return samlp ? { client, settings: samlp } : undefined;
}

/** Who we are to this application (Auth0: a URN of the host). */
export function issuerFor(ctx: Context, { settings }: SamlClient): string {
  return settings.issuer ?? `urn:${new URL(ctx.issuer).host}`;
}

/** With what its messages are signed: the tenant's key, by the algorithms that it asks for. */
export async function signatureFor(ctx: Context, { settings }: SamlClient): Promise<EnvelopedSignature> {
  const { signatureAlgorithm = 'rsa-sha1', digestAlgorithm = 'sha1' } = settings;
  return { ...(await currentCertifiedKey(ctx)), signatureAlgorithm, digestAlgorithm };
}

/** Where its messages are sent to: logins; and logouts. */
export function loginAddress(ctx: Context, { client }: SamlClient): string {
  return `${ctx.issuer}samlp/${client.client_id}`;
}

export function logoutAddress(ctx: Context, saml: SamlClient): string {
  return `${loginAddress(ctx, saml)}/logout`;
}
