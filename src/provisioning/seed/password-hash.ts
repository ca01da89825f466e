import { isVerifiableHash } from '../../platform/crypto/index.ts';
import { SeedError } from './seed-error.ts';
import type { CustomPasswordHash, SeedUser } from './user.schema.ts';

const SOURCES = ['password', 'password_hash', 'custom_password_hash'] as const;
const ALGORITHMS = ['argon2', 'bcrypt'];

function hashIn({ algorithm, hash, salt, password }: CustomPasswordHash): string {
  if (!ALGORITHMS.includes(algorithm)) {
    throw new SeedError(
      `custom_password_hash.algorithm ${algorithm} is not supported; ${ALGORITHMS.join(' and ')} are`,
    );
  }
  if (salt) throw new SeedError('custom_password_hash.salt is not supported: the salt must be in the hash');
  if ((hash.encoding ?? 'utf8') !== 'utf8') throw new SeedError('custom_password_hash.hash.encoding must be utf8');
  if ((password?.encoding ?? 'utf8') !== 'utf8')
    throw new SeedError('custom_password_hash.password.encoding must be utf8');
  if (!hash.value.startsWith(algorithm === 'bcrypt' ? '$2' : '$argon2')) {
    throw new SeedError(`custom_password_hash.hash.value is no ${algorithm} hash`);
  }
  return hash.value;
}

/**
 * The stored form of the password that a user brings along hashed, or undefined. SeedError for a hash that could never be verified,
 * and for more than one of `password`, `password_hash` and `custom_password_hash`.
 */
export function readPasswordHash(user: SeedUser): string | undefined {
  const given = SOURCES.filter((name) => user[name] !== undefined);
  if (given.length > 1) throw new SeedError(`${given.join(' and ')} can not be given together`);
  const hash = user.custom_password_hash ? hashIn(user.custom_password_hash) : user.password_hash;
  if (hash !== undefined && !isVerifiableHash(hash)) {
    throw new SeedError(`${given[0]} is not a hash that this version can verify`);
  }
  return hash;
}
