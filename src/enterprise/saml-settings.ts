import type { ClaimSettings } from '../assertions/index.ts';
import type { DigestName, SignatureName } from '../platform/xml/index.ts';

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
