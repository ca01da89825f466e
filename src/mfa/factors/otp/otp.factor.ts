import { otpauthUri, totpSecret } from '../../../platform/crypto/index.ts';
import { sealOtpSecret } from '../../../resources/authentication-methods/index.ts';
import { accountLabel, tenantLabel } from '../../labels.ts';
import { factor } from '../factor.ts';

/** One-time passwords of an authenticator app (RFC 6238). */
export const otp = factor({
  type: 'otp',
  channels: {},
  async prepare(ctx, { user }, id) {
    const secret = totpSecret(ctx.random);
    const barcode_uri = otpauthUri({ issuer: await tenantLabel(ctx), account: accountLabel(user), secret });
    return { members: { secret_sealed: sealOtpSecret(ctx, id, secret) }, told: { secret, barcode_uri } };
  },
});
