import { type Argon2Algorithm, argon2, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Random } from '../../kernel/index.ts';
import { createGate } from './gate.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Imported hashes may ask for more work than ours, but not for so much that one login is an outage. */
const HIGHEST = { memory: 1_048_576, passes: 64, parallelism: 64, bcryptRounds: 16 };
const IDLE_SALT = Buffer.alloc(SALT_BYTES, 0x5a);

/**
 * Password hashing runs in Node's thread pool (four threads unless UV_THREADPOOL_SIZE says otherwise). One thread always
 * stays free of it, for signing; memory in use is at most one hash per place.
 */
const poolThreads = Number(process.env.UV_THREADPOOL_SIZE) || 4;
/** A flood of logins is refused once those who come would wait for some ten seconds. */
const QUEUE_PER_PLACE = 400;
const places = Math.max(1, Math.min(availableParallelism(), poolThreads - 1));
const gate = createGate(places, places * QUEUE_PER_PLACE);

interface Argon2Hash {
  readonly algorithm: Argon2Algorithm;
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Hashes a password with argon2id and a fresh salt, off the event loop. Gives a PHC string. */
export async function hashPassword(plain: string, random: Random): Promise<string> {
  const salt = random.bytes(SALT_BYTES);
  const hash = await gate.run(() => deriveArgon2(plain, { ...COST, algorithm: 'argon2id', salt, length: HASH_BYTES }));
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether `plain` is the password behind `stored`: a PHC string of argon2 version 19, or bcrypt ($2a$, $2b$, $2y$).
 * Anything that cannot be read is false, after the same work. Never throws on account of `stored`.
 */
export async function verifyPassword(plain: string, stored: string): Promise<boolean> {
  const parsed = parseArgon2(stored);
  if (parsed) {
    const hash = await gate.run(() => deriveArgon2(plain, { ...parsed, length: parsed.hash.length }));
    return timingSafeEqual(hash, parsed.hash);
  }
  const bcryptHash = readBcrypt(stored);
  if (bcryptHash) return gate.run(() => compareBcrypt(plain, bcryptHash));
  await burnPasswordTime(plain);
  return false;
}

/** Whether `stored` is a hash that `verifyPassword` can check: anything else would let nobody in, ever. */
export function isVerifiableHash(stored: string): boolean {
  return parseArgon2(stored) !== undefined || readBcrypt(stored) !== undefined;
}

/** Whether a password that was just verified should be hashed anew: another algorithm, or less work than ours. */
export function needsRehash(stored: string): boolean {
  const parsed = parseArgon2(stored);
  return !(
    parsed?.algorithm === 'argon2id' &&
    parsed.memory >= COST.memory &&
    parsed.passes >= COST.passes &&
    parsed.salt.length >= SALT_BYTES &&
    parsed.hash.length >= HASH_BYTES
  );
}

/** Does the work of a verification for nobody, so that an unknown user takes as long to refuse as a wrong password. */
export async function burnPasswordTime(plain: string): Promise<void> {
  await gate.run(() => deriveArgon2(plain, { ...COST, algorithm: 'argon2id', salt: IDLE_SALT, length: HASH_BYTES }));
}

function deriveArgon2(plain: string, how: Omit<Argon2Hash, 'hash'> & { length: number }): Promise<Buffer> {
  const { memory, passes, parallelism, salt } = how;
  const parameters = { message: plain, nonce: salt, memory, passes, parallelism, tagLength: how.length };
  return new Promise((resolve, reject) => {
    argon2(how.algorithm, parameters, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}

const ARGON2 =
  /^\$(argon2(?:id|i|d))\$v=19\$m=(\d{1,8}),t=(\d{1,8}),p=(\d{1,8})\$([A-Za-z0-9+/]+)=*\$([A-Za-z0-9+/]+)=*$/;

function parseArgon2(stored: string): Argon2Hash | undefined {
  const match = ARGON2.exec(stored);
  if (!match) return undefined;
  const [, algorithm, memory, passes, parallelism, salt = '', hash = ''] = match;
  const parsed: Argon2Hash = {
    algorithm: algorithm as Argon2Algorithm,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  return isFeasible(parsed) ? parsed : undefined;
}

/** RFC 9106 §3.1 from below, our own limits from above. */
function isFeasible({ memory, passes, parallelism, salt, hash }: Argon2Hash): boolean {
  return (
    passes >= 1 &&
    passes <= HIGHEST.passes &&
    parallelism >= 1 &&
    parallelism <= HIGHEST.parallelism &&
    memory >= 8 * parallelism &&
    memory <= HIGHEST.memory &&
    salt.length >= 8 &&
    hash.length >= 4
  );
}

/** The hash in the form that the bcrypt package reads: $2y$ is PHP's name for $2b$. */
function readBcrypt(stored: string): string | undefined {
  const match = /^\$2([aby])\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(stored);
  if (!match) return undefined;
  const rounds = Number(match[2]);
  if (rounds < 4 || rounds > HIGHEST.bcryptRounds) return undefined;
  return match[1] === 'y' ? `$2b${stored.slice(3)}` : stored;
}

async function compareBcrypt(plain: string, stored: string): Promise<boolean> {
  // Loaded only where somebody brings such a hash: it costs 10 MB of memory.
  const { default: bcrypt } = await import('bcrypt');
  return bcrypt.compare(plain, stored);
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
