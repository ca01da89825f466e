import { keyRows } from './credential-rows.ts';
import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const worker = testsIn('test/federated/privileged-worker.http.test.ts');
const written = testsIn('src/resources/clients/vault-access.http.test.ts');
const grant = 'oauth/token/grants/token-vault/privileged-worker.ts';
const limits = written('what cannot be kept is refused, and nothing changes');
const had = worker('the token of a user who is not there, and why it was wanted in the log');
const which = worker('which client may do it');

export const tokenVault: PropertyFamily = {
  title: 'Token vault',
  rows: [
    ...rowsOf('', {
      token_vault_privileged_access: enforced(
        'Tokens that identity providers gave for users who are not there.',
        grant,
        had,
        which,
      ),
    }),
    ...rowsOf('token_vault_privileged_access', {
      credentials: enforced('The keys that sign its requests.', grant, had, which),
      grants: enforced('What it may have; nothing where nothing is named. At most 5.', grant, had, which, limits),
      ip_allowlist: enforced(
        'Addresses and networks that it may ask from; none, and it may from nowhere. At most 10.',
        grant,
        worker('a refusal has not used it up'),
        limits,
      ),
    }),
    ...keyRows('token_vault_privileged_access.credentials'),
    ...rowsOf('token_vault_privileged_access.grants[]', {
      connection: enforced('Tokens of this connection.', grant, worker('a refusal has not used it up')),
      scopes: enforced(
        'Only these of the token; 20 in all at most.',
        grant,
        worker('fewer scopes are not given by giving all'),
      ),
    }),
  ],
};
