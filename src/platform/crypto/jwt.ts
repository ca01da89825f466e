import type { Signer } from './signer.ts';

/** What a JWT says: the members of its header or of its payload. */
export type JwtMembers = Record<string, unknown>;

export interface SignJwtOptions {
  /** The header's `typ`: `JWT` unless given (`at+jwt`, `logout+jwt` …); null leaves it out. */
  readonly typ?: string | null;
  /** Further header members, after `alg`, `typ` and `kid`. */
  readonly extraHeader?: Readonly<JwtMembers> & { readonly alg?: never; readonly typ?: never; readonly kid?: never };
}

/** The encoded headers of each signer: with the same key and `typ` they never change. */
const headers = new WeakMap<Signer, Map<string | null, string>>();

/**
 * Signs `claims` as a compact JWT. The header reads `{alg, typ, kid, …extraHeader}`; claims keep the order in which they
 * are given, and undefined ones vanish.
 */
export async function signJwt(
  signer: Signer,
  claims: Readonly<JwtMembers>,
  options: SignJwtOptions = {},
): Promise<string> {
  const typ = options.typ === undefined ? 'JWT' : options.typ;
  const header = options.extraHeader ? encodeHeader(signer, typ, options.extraHeader) : recallHeader(signer, typ);
  const input = `${header}.${encodeJson(claims)}`;
  return `${input}.${await signer.sign(input)}`;
}

/** Header and payload of a compact JWT, without any check of who signed it; undefined when it is no JWT. */
export function decodeJwt(token: string): { header: JwtMembers; payload: JwtMembers } | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const header = decodeMembers(parts[0] ?? '');
  const payload = decodeMembers(parts[1] ?? '');
  return header && payload ? { header, payload } : undefined;
}

/** The JSON object behind one base64url part, or undefined. */
export function decodeMembers(part: string): JwtMembers | undefined {
  if (!isCanonicalBase64url(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JwtMembers) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether decoding and encoding gives the same text again. Lenient decoders take stray bits and foreign characters, which
 * would let one signature go by several spellings (and past a replay check).
 */
export function isCanonicalBase64url(part: string): boolean {
  return part.length > 0 && Buffer.from(part, 'base64url').toString('base64url') === part;
}

function recallHeader(signer: Signer, typ: string | null): string {
  let known = headers.get(signer);
  if (!known) {
    known = new Map();
    headers.set(signer, known);
  }
  let header = known.get(typ);
  if (header === undefined) {
    header = encodeHeader(signer, typ);
    known.set(typ, header);
  }
  return header;
}

function encodeHeader(signer: Signer, typ: string | null, extra: Readonly<JwtMembers> = {}): string {
  return encodeJson({ alg: signer.alg, typ: typ ?? undefined, kid: signer.kid, ...extra });
}

function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}
