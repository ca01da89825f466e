import { isPublic } from '../../../resources/clients/index.ts';
import { requireName, textIn } from './carrier.ts';
import type { ClientAuthenticationMethod } from './method.ts';

/** A public client is used by its name alone. A secret beside it is ignored, as Auth0 does. */
export const none: ClientAuthenticationMethod = {
  name: 'none',
  explicit: false,
  isRegisteredFor: isPublic,
  isIn: (_ctx, carrier) => textIn(carrier, 'client_assertion') === undefined,
  read: (_ctx, carrier) => ({ client_id: requireName(carrier), verify: () => true }),
};
