import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Context, isoTime, managementError } from '../../kernel/index.ts';
import { generateSigningKey, importSigner, type JWK, type Signer } from '../../platform/crypto/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { type SigningKey, signingKeysOf } from './signing-key.store.ts';

const privateKeyContext = (ctx: Context, kid: string) => `${ctx.tenant.id}:signing_keys:${kid}:private_key`;

async function makeKey(ctx: Context, state: SigningKey['state']): Promise<SigningKey> {
  const now = ctx.clock.now();
  const commonName = new URL(ctx.canonicalIssuer).hostname;
  const material = await generateSigningKey({ commonName, now, random: ctx.random });
  const { privateKeyPem, publicJwk, ...described } = material;
  return {
    ...described,
    state,
    private_key_sealed: ctx.sealer.seal(privateKeyPem, privateKeyContext(ctx, material.kid)),
    public_jwk: { ...publicJwk },
    created_at: isoTime(now),
    ...(state === 'current' ? { current_since: isoTime(now) } : {}),
  };
}

/** Makes the tenant's first keys, one that signs and the one that will follow it; does nothing where there are keys. */
export async function createSigningKeys(ctx: Context): Promise<void> {
  if (await signingKeysOf(ctx).find({ state: 'current' })) return;
  const [current, next] = await Promise.all([makeKey(ctx, 'current'), makeKey(ctx, 'next')]);
  await ctx.store.transaction(async () => {
    await signingKeysOf(ctx).insert(current);
    await signingKeysOf(ctx).insert(next);
  });
}

/** The key that signs now. From memory. Throws when the tenant was never given keys. */
export async function currentSigningKey(ctx: Context): Promise<SigningKey> {
  const key = await signingKeysOf(ctx).find({ state: 'current' });
  if (!key) throw new Error(`tenant ${ctx.tenant.name} has no signing key`);
  return key;
}

/** Keys come back from memory as the same object until somebody writes, so opening the seal is done once. */
const signers = {
  RS256: new WeakMap<SigningKey, Signer>(),
  RS512: new WeakMap<SigningKey, Signer>(),
  PS256: new WeakMap<SigningKey, Signer>(),
};

/** The tenant's signer: RS256, or another algorithm of the same key for APIs that want it. From memory. */
export async function currentSigner(ctx: Context, alg: keyof typeof signers = 'RS256'): Promise<Signer> {
  const key = await currentSigningKey(ctx);
  let signer = signers[alg].get(key);
  if (!signer) {
    const pem = ctx.sealer.open(key.private_key_sealed, privateKeyContext(ctx, key.kid));
    signer = importSigner(pem, key.kid, alg);
    signers[alg].set(key, signer);
  }
  return signer;
}

/** The key that signs now with its certificate, for signatures in documents. */
export interface CertifiedKey {
  readonly privateKey: KeyObject;
  /** PEM */
  readonly certificate: string;
}

const certified = new WeakMap<SigningKey, CertifiedKey>();

/** The tenant's key as documents are signed with it: the same that signs tokens. From memory. */
export async function currentCertifiedKey(ctx: Context): Promise<CertifiedKey> {
  const key = await currentSigningKey(ctx);
  let pair = certified.get(key);
  if (!pair) {
    const pem = ctx.sealer.open(key.private_key_sealed, privateKeyContext(ctx, key.kid));
    pair = { privateKey: createPrivateKey(pem), certificate: key.cert };
    certified.set(key, pair);
  }
  return pair;
}

/** Current, next, previous, each group newest first: the order in which the JWKS and `/keys/signing` list them. */
const ORDER = { current: 0, next: 1, previous: 2, revoked: 3 } as const;

function allKeys(ctx: Context): Promise<SigningKey[]> {
  return signingKeysOf(ctx).list({ orderBy: 'created_at', descending: true });
}

function inOrder(keys: readonly SigningKey[]): SigningKey[] {
  return [...keys].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
}

/** All keys, those that sign first. From memory. */
export async function listSigningKeys(ctx: Context): Promise<SigningKey[]> {
  return inOrder(await allKeys(ctx));
}

/** The public halves of a tenant's keys: as the JWKS says them, and without the one algorithm that it names. */
interface PublicHalves {
  readonly named: readonly JWK[];
  readonly plain: readonly JWK[];
}

const published = new WeakMap<readonly SigningKey[], PublicHalves>();

/**
 * The public halves of all keys that were not revoked, for checking signatures by any algorithm that the tenant signs with. From memory:
 * the same list until a key comes or goes.
 */
export async function publicKeys(ctx: Context): Promise<readonly JWK[]> {
  return (await publicHalves(ctx)).plain;
}

/** The same keys as the JWKS publishes them: each with `alg`, unless the tenant's flag `remove_alg_from_jwks` takes it away. */
export async function publishedKeys(ctx: Context): Promise<readonly JWK[]> {
  const { flags } = await tenantSettings(ctx);
  const { named, plain } = await publicHalves(ctx);
  return flags.remove_alg_from_jwks === true ? plain : named;
}

async function publicHalves(ctx: Context): Promise<PublicHalves> {
  const keys = await allKeys(ctx);
  let halves = published.get(keys);
  if (!halves) {
    const named = inOrder(keys)
      .filter((key) => key.state !== 'revoked')
      .map((key) => key.public_jwk as JWK);
    halves = { named, plain: named.map(({ alg: _alg, ...key }) => key) };
    published.set(keys, halves);
  }
  return halves;
}

/**
 * Puts the next key in use, keeps the current one as previous (it still verifies) and makes a new next one. A previous key before
 * that stays published until it is revoked. Answers the key that signs from now on.
 */
export async function rotateSigningKeys(ctx: Context): Promise<SigningKey> {
  const successor = await makeKey(ctx, 'next');
  const now = isoTime(ctx.clock);
  return ctx.store.transaction(async () => {
    const keys = signingKeysOf(ctx);
    const [current, next] = [await keys.find({ state: 'current' }), await keys.find({ state: 'next' })];
    if (!next) throw new Error(`tenant ${ctx.tenant.name} has no next signing key`);
    if (current) await keys.put({ ...current, state: 'previous', current_until: now });
    const promoted: SigningKey = { ...next, state: 'current', current_since: now };
    await keys.put(promoted);
    await keys.insert(successor);
    return promoted;
  });
}

/**
 * Takes a previous key out of the JWKS: nothing that it signed verifies any more. WireError 404 when there is no such key, 400 when it
 * is still needed (current or next; rotate first).
 */
export async function revokeSigningKey(ctx: Context, kid: string): Promise<SigningKey> {
  const revoked_at = isoTime(ctx.clock);
  const revoked = await signingKeysOf(ctx).update(kid, (key) => {
    if (key.state === 'revoked') return undefined;
    if (key.state !== 'previous') throw managementError(400, 'Only previous signing keys can be revoked.');
    return { ...key, state: 'revoked', revoked_at };
  });
  if (!revoked) throw managementError(404, 'Signing key not found.');
  return revoked;
}
