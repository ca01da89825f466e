import {
  type Endpoint,
  endpoint,
  json,
  managementError,
  managementWrite,
  type Principal,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { type SigningKey, signingKeysOf } from './signing-key.store.ts';
import { listSigningKeys, revokeSigningKey, rotateSigningKeys } from './signing-keys.ts';

const { flag, text } = shapes;

const PATH = '/api/v2/keys/signing';
const TAG = 'keys';
const params = Type.Object({ kid: Type.String({ description: 'Key id of the signing key.' }) });

const key = shapes.answer({
  kid: text('Key id.'),
  cert: text('Certificate in PEM.'),
  pkcs7: text('Certificate in a PKCS#7 message, PEM.'),
  current: flag('Whether the key signs now.'),
  next: flag('Whether the key signs after the next rotation.'),
  previous: flag('Whether the key signed before.'),
  current_since: text('When the key began to sign.'),
  current_until: text('When the key ceased to sign.'),
  fingerprint: text('SHA-1 of the certificate, with colons.'),
  thumbprint: text('SHA-1 of the certificate.'),
  revoked: flag('Whether the key was revoked.'),
  revoked_at: text('When the key was revoked.'),
});

function presentKey({ kid, cert, pkcs7, fingerprint, thumbprint, ...found }: SigningKey): object {
  const { state, current_since, current_until, revoked_at } = found;
  return {
    kid,
    cert,
    pkcs7,
    current: state === 'current',
    next: state === 'next',
    previous: state === 'previous' || state === 'revoked',
    ...(current_since ? { current_since } : {}),
    ...(current_until ? { current_until } : {}),
    fingerprint,
    thumbprint,
    revoked: state === 'revoked',
    ...(revoked_at ? { revoked_at } : {}),
  };
}

const summarise = ({ kid, cert }: SigningKey) => ({ kid, cert });

/** Rotating needs both scopes, where other endpoints need one of several. */
function requireBoth(principal: Principal | undefined, scopes: readonly string[]): void {
  if (scopes.every((scope) => principal?.scopes.has(scope))) return;
  throw managementError(403, `Insufficient scope, expected: ${scopes.join(' and ')}`, 'insufficient_scope');
}

const ROTATION = ['create:signing_keys', 'update:signing_keys'];

/** `/api/v2/keys/signing`. */
export const keyEndpoints: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: PATH,
    name: 'listSigningKeys',
    summary: 'Get all application signing keys',
    tag: TAG,
    surface: 'management',
    scopes: ['read:signing_keys'],
    replies: { 200: Type.Array(key) },
    handle: async (ctx) => json(200, (await listSigningKeys(ctx)).map(presentKey)),
  }),
  endpoint({
    method: 'GET',
    path: `${PATH}/:kid`,
    name: 'getSigningKey',
    summary: 'Get an application signing key by its key id',
    tag: TAG,
    surface: 'management',
    scopes: ['read:signing_keys'],
    params,
    replies: { 200: key },
    async handle(ctx, { params: { kid } }) {
      const found = await signingKeysOf(ctx).get(kid);
      if (!found) throw managementError(404, 'Signing key not found.');
      return json(200, presentKey(found));
    },
  }),
  managementWrite({
    method: 'POST',
    path: `${PATH}/rotate`,
    apart: true,
    name: 'rotateSigningKeys',
    summary: 'Rotate the application signing key',
    tag: TAG,
    scopes: ROTATION,
    replies: { 201: key },
    async handle(ctx, { principal }) {
      requireBoth(principal, ROTATION);
      await rotateSigningKeys(ctx);
      const next = (await listSigningKeys(ctx)).find((one) => one.state === 'next');
      return json(201, next ? summarise(next) : {});
    },
  }),
  managementWrite({
    method: 'PUT',
    path: `${PATH}/:kid/revoke`,
    apart: true,
    name: 'revokeSigningKey',
    summary: 'Revoke an application signing key by its key id',
    tag: TAG,
    scopes: ['update:signing_keys'],
    params,
    replies: { 200: key },
    handle: async (ctx, { params: { kid } }) => json(200, summarise(await revokeSigningKey(ctx, kid))),
  }),
];
