/** An authenticator in software: makes passkeys and answers challenges, rightly or as a test wants it. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export type KeyKind = 'ES256' | 'RS256' | 'EdDSA';

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** RFC 8949, as much of it as is needed here. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member)])]);
}

function head(major: number, length: number): Buffer {
  const type = major << 5;
  if (length < 24) return Buffer.from([type | length]);
  if (length < 256) return Buffer.from([type | 24, length]);
  return Buffer.from([type | 25, length >> 8, length & 255]);
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest();
const encode = (data: Uint8Array | string) => Buffer.from(data).toString('base64url');

function makeKeys(kind: KeyKind): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (kind === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ed25519');
}

/** RFC 9053: the public key as WebAuthn carries it. */
function coseOf(kind: KeyKind, publicKey: KeyObject): Buffer {
  const jwk = publicKey.export({ format: 'jwk' });
  const part = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url');
  if (kind === 'ES256')
    return cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, part('x')],
        [-3, part('y')],
      ]),
    );
  if (kind === 'RS256')
    return cbor(
      new Map<number, Cbor>([
        [1, 3],
        [3, -257],
        [-1, part('n')],
        [-2, part('e')],
      ]),
    );
  return cbor(
    new Map<number, Cbor>([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, part('x')],
    ]),
  );
}

/** What a test may make the authenticator say instead of the truth. */
export interface Behaviour {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string;
  readonly fmt?: string;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}
export interface AssertionOptions {
  readonly challenge: string;
  readonly rpId: string;
}

export interface Authenticator {
  readonly id: string;
  /** `navigator.credentials.create()` */
  create(options: CreationOptions, behaviour?: Behaviour): Record<string, unknown>;
  /** `navigator.credentials.get()` */
  get(options: AssertionOptions, behaviour?: Behaviour): Record<string, unknown>;
}

const PRESENT = 1;
const VERIFIED = 4;
const BACKUP = 8 | 16;
const ATTESTED = 64;

/** One passkey in one authenticator. `counts`: whether it counts how often it is used. */
export function newAuthenticator(
  origin: string,
  { kind = 'ES256', counts = false, synced = true }: { kind?: KeyKind; counts?: boolean; synced?: boolean } = {},
): Authenticator {
  const { publicKey, privateKey } = makeKeys(kind);
  const id = randomBytes(32);
  let handle = '';
  let uses = 0;

  function authData(rpId: string, more: number, behaviour: Behaviour): Buffer {
    const { userPresent = true, userVerified = true } = behaviour;
    const flags = (userPresent ? PRESENT : 0) | (userVerified ? VERIFIED : 0) | (synced ? BACKUP : 0) | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(behaviour.counter ?? (counts ? ++uses : 0));
    return Buffer.concat([sha256(behaviour.rpId ?? rpId), Buffer.from([flags]), counter]);
  }
  function clientData(type: string, challenge: string, behaviour: Behaviour): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: behaviour.type ?? type,
        challenge: behaviour.challenge ?? challenge,
        origin: behaviour.origin ?? origin,
        crossOrigin: false,
      }),
    );
  }
  const answer = (response: Record<string, string>) => ({
    id: encode(id),
    rawId: encode(id),
    type: 'public-key',
    authenticatorAttachment: 'platform',
    response,
    clientExtensionResults: {},
  });

  return {
    id: encode(id),
    create({ challenge, rp, user }, behaviour = {}) {
      handle = user.id;
      const length = Buffer.from([id.length >> 8, id.length & 255]);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, coseOf(kind, publicKey)]);
      const data = Buffer.concat([authData(rp.id, ATTESTED, behaviour), credential]);
      const attestation = new Map<string, Cbor>([
        ['fmt', behaviour.fmt ?? 'none'],
        ['attStmt', new Map<string, Cbor>()],
        ['authData', data],
      ]);
      return answer({
        clientDataJSON: encode(clientData('webauthn.create', challenge, behaviour)),
        attestationObject: encode(cbor(attestation)),
      });
    },
    get({ challenge, rpId }, behaviour = {}) {
      const data = authData(rpId, 0, behaviour);
      const client = clientData('webauthn.get', challenge, behaviour);
      const signed = Buffer.concat([data, sha256(client)]);
      const signature = sign(kind === 'EdDSA' ? null : 'sha256', signed, privateKey);
      return answer({
        clientDataJSON: encode(client),
        authenticatorData: encode(data),
        signature: encode(signature),
        userHandle: behaviour.userHandle ?? handle,
      });
    },
  };
}
