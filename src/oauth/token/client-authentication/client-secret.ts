import type { Context } from '../../../kernel/index.ts';
import { safeEqual } from '../../../platform/crypto/index.ts';
import { digestClientSecret, isPublic, type StoredClient } from '../../../resources/clients/index.ts';
import { readBasic, requireName, type SentSecret, textIn, withinLimit } from './carrier.ts';
import type { Claim, ClientAuthenticationMethod } from './method.ts';

/** Auth0: secrets may come either way, whichever of the two is registered; a client with credentials has no use for its secret. */
function acceptsSecrets(client: StoredClient): boolean {
  return !isPublic(client) && Object.keys(client.client_authentication_methods ?? {}).length === 0;
}

function claimOf(ctx: Context, { client_id, secret }: SentSecret): Claim {
  return {
    client_id,
    verify(client) {
      const presented = digestClientSecret(ctx, client_id, secret);
      const matches = safeEqual(presented, client?.client_secret_digest ?? '');
      return matches && secret !== '';
    },
  };
}

/** RFC 6749 §2.3.1: in the `Authorization` header. */
export const clientSecretBasic: ClientAuthenticationMethod = {
  name: 'client_secret_basic',
  explicit: true,
  isRegisteredFor: acceptsSecrets,
  isIn: (_ctx, carrier) => readBasic(carrier) !== undefined,
  read: (ctx, carrier) => claimOf(ctx, { client_id: requireName(carrier), secret: readBasic(carrier)?.secret ?? '' }),
};

/** In the body. */
export const clientSecretPost: ClientAuthenticationMethod = {
  name: 'client_secret_post',
  explicit: true,
  isRegisteredFor: acceptsSecrets,
  isIn: (_ctx, carrier) => textIn(carrier, 'client_secret') !== undefined,
  read: (ctx, carrier) =>
    claimOf(ctx, {
      client_id: requireName(carrier),
      secret: withinLimit(textIn(carrier, 'client_secret') ?? ''),
    }),
};
