import { enforced, type PropertyRow, rowsOf, shown, testsIn } from './property-row.ts';

const keys = testsIn('test/clients/keys.http.test.ts');
const assertions = testsIn('src/oauth/token/client-authentication/private-key-jwt.http.test.ts');
const acted = ['resources/clients/credential-key.ts', 'oauth/client-keys.ts'];
const signs = keys('…: a key signs by its own algorithm, and no other key does');
const kept = keys('…: shown whole once, then by id; only keys, readable and long enough; two at most');
const ends = keys('…: a key ends when it is said to, or when its certificate does');
const references = 'resources/clients/credential-references.ts';

const members = {
  id: enforced('The credential; one of the client’s own.', references, signs, kept),
  credential_type: enforced('`public_key`.', references, kept),
  name: shown('For operators alone.', 'resources/clients/credentials.ts', kept),
  pem: enforced(
    'The key, or a certificate of it; RSA of 2048 bits or more, or the curve of `alg`. Not shown again.',
    acted,
    signs,
    kept,
  ),
  alg: enforced(
    'The one algorithm that the key signs with; RS256 unless it is given.',
    acted,
    signs,
    assertions('every algorithm that a credential may have'),
  ),
  'parse_expiry_from_cert expires_at': enforced(
    'When the key ends: as its certificate has it, or as is said here.',
    acted,
    ends,
  ),
  kid: enforced(
    'The name that chooses the key; its thumbprint unless it is given.',
    acted,
    keys('…: the kid chooses between two keys'),
  ),
};

/** Rows of the keys in the list at `parent`: sent whole with a client that is made, by `id` alone in every answer and change. */
export function keyRows(parent: string): PropertyRow[] {
  return rowsOf(`${parent}[]`, members);
}
