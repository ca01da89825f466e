import { epochSeconds } from '../../../kernel/index.ts';
import { importSigner, type Signer, signJwt } from '../../../platform/crypto/index.ts';
import { required } from '../legacy-client.ts';
import { type AddonRequest, type DelegationAddon, lifetimeOf, misconfigured, principalOf, setting } from './addon.ts';

const NAME = 'layer';

function signerOf(request: AddonRequest): Signer {
  const [key, kid] = [setting(request, NAME, 'privateKey'), setting(request, NAME, 'keyId')];
  try {
    return importSigner(key, kid, 'RS256');
  } catch {
    throw misconfigured(NAME, 'privateKey cannot be read');
  }
}

/** Layer: an identity token, which says the nonce that Layer gave the application. */
export const layer: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const { settings, user, params } = request;
    const now = epochSeconds(ctx.clock);
    const property = typeof settings.principal === 'string' && settings.principal ? settings.principal : 'user_id';
    const claims = {
      iss: setting(request, NAME, 'providerId'),
      prn: principalOf(user, property),
      iat: now,
      exp: now + lifetimeOf(settings) / 1000,
      nce: required(params.nonce, 'nonce'),
    };
    return { id_token: await signJwt(signerOf(request), claims, { extraHeader: { cty: 'layer-eit;v=1' } }) };
  },
};
