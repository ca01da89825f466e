import { enforced, type PropertyRow, rowsOf, shown, testsIn } from './property-row.ts';

const kept = testsIn('src/resources/clients/credentials.http.test.ts');
const assertions = testsIn('src/oauth/token/client-authentication/private-key-jwt.http.test.ts');
const keys = ['resources/clients/credential-key.ts', 'oauth/client-keys.ts'];

/** Rows of the keys in the list at `parent`: sent whole with a client that is made, by `id` alone in every answer and change. */
export function keyRows(parent: string): PropertyRow[] {
  return rowsOf(`${parent}[]`, {
    id: enforced(
      'The credential; one of the client’s own.',
      'resources/clients/credential-references.ts',
      kept('a client made with a key shows it once, then by id, and has no secret'),
      kept('methods are switched by naming both sides; foreign credentials are refused'),
    ),
    credential_type: enforced(
      '`public_key`.',
      'resources/clients/credential-references.ts',
      kept('a method takes credentials of its own type, two at most; those in use make room for the next'),
    ),
    name: shown(
      'For operators alone.',
      'resources/clients/credentials.ts',
      kept('a public key is named by its thumbprint and not shown again'),
    ),
    pem: enforced(
      'The key, or a certificate of it; RSA of 2048 bits or more, or the curve of `alg`. Not shown again.',
      keys,
      kept('refused, nothing kept: unreadable, short, private keys; a third credential'),
      assertions('keys come from the registration alone, and what is critical is refused'),
    ),
    alg: enforced(
      'The one algorithm that the key signs with.',
      keys,
      assertions('the algorithm is the credential’s, not the header’s choice'),
      assertions('every algorithm that a credential may have'),
      kept('the algorithm and the key belong together'),
    ),
    'parse_expiry_from_cert expires_at': enforced(
      'When the key ends: as its certificate says, or as is said here.',
      ['resources/clients/credential-key.ts', 'oauth/client-keys.ts'],
      assertions('a key that has expired, by its own word or its certificate’s, signs no more'),
      kept('certificates give their expiry, their subject and their thumbprint'),
    ),
    kid: enforced(
      'The name that chooses the key; its thumbprint unless it is given.',
      keys,
      assertions('two keys stand side by side; the name chooses, and lends no other key’s algorithm'),
    ),
  });
}
