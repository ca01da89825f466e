import type { Context } from '../../kernel/index.ts';
import { readCertificate } from '../../platform/crypto/index.ts';

/** SHA-256 thumbprint (`x5t#S256`) of the certificate that came with the request that `ctx` serves; undefined without one. */
export function certificateThumbprint(ctx: Context): string | undefined {
  const { certificate } = ctx.caller;
  return certificate && readCertificate(certificate.pem)?.thumbprint;
}
