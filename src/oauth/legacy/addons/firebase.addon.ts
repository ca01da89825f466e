import { epochSeconds } from '../../../kernel/index.ts';
import {
  importSecretSigner,
  importSigner,
  type JwtMembers,
  type Signer,
  signJwt,
} from '../../../platform/crypto/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { profileClaims } from '../../token/claims.ts';
import { type AddonRequest, type DelegationAddon, misconfigured, setting } from './addon.ts';

const NAME = 'firebase';
/** The audience of every custom token. */
const AUDIENCE = 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit';
const HOUR = 3600;
const LONGEST_UID = 128;

function requireUid({ user_id }: User): string {
  if (user_id.length > LONGEST_UID)
    throw misconfigured(NAME, `Firebase takes no user_id of over ${LONGEST_UID} characters`);
  return user_id;
}

function serviceAccountSigner(request: AddonRequest): Signer {
  const key = setting(request, NAME, 'private_key');
  const kid = request.settings.private_key_id;
  try {
    return importSigner(key, typeof kid === 'string' && kid ? kid : undefined, 'RS256');
  } catch {
    throw misconfigured(NAME, 'private_key cannot be read');
  }
}

/** Firebase: a custom token, signed by the service account. What the scopes release about the user goes along as developer claims. */
function customToken(request: AddonRequest, now: number): Promise<string> {
  const { user, target, settings, scope } = request;
  const account = setting(request, NAME, 'client_email');
  const lifetime = typeof settings.lifetime_in_seconds === 'number' ? settings.lifetime_in_seconds : HOUR;
  const claims = profileClaims(user, scope, target);
  return signJwt(serviceAccountSigner(request), {
    iss: account,
    sub: account,
    aud: AUDIENCE,
    iat: now,
    exp: now + lifetime,
    uid: requireUid(user),
    ...(Object.keys(claims).length > 0 ? { claims } : {}),
  });
}

/** Firebase SDK 2: a token signed with the secret of the database. */
function secretToken(request: AddonRequest, now: number): Promise<string> {
  const { user, target, scope } = request;
  const d: JwtMembers = { ...profileClaims(user, scope, target), uid: requireUid(user) };
  const secret = Buffer.from(setting(request, NAME, 'secret'), 'utf8');
  return signJwt(importSecretSigner(secret), { v: 0, iat: now, exp: now + HOUR, d });
}

/** Firebase tokens: of the service account where the add-on names one, else of the older secret. */
export const firebase: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const now = epochSeconds(ctx.clock);
    const isOlder = request.settings.private_key === undefined && request.settings.secret !== undefined;
    return { id_token: await (isOlder ? secretToken : customToken)(request, now) };
  },
};
