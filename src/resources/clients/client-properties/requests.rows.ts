import { keyRows } from './credential-rows.ts';
import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const par = testsIn('src/oauth/par/par.http.test.ts');
const signed = testsIn('src/oauth/authorize/request-object.http.test.ts');
const checks = 'oauth/authorize/checks/request-object.ts';

export const requests: PropertyFamily = {
  title: 'Requests',
  rows: [
    ...rowsOf('', {
      require_pushed_authorization_requests: enforced(
        '/authorize refuses what was not pushed.',
        checks,
        par('a client that must push is refused at /authorize otherwise; every request is looked at again there'),
      ),
      require_proof_of_possession: enforced(
        'No token that is not bound to a key: by DPoP or a certificate.',
        ['oauth/token/sender-constraint.ts', 'oauth/authorize/checks/proof-of-possession.ts'],
        testsIn('src/oauth/token/dpop.http.test.ts')(
          'client and API decide together what is bound and what is refused',
        ),
        testsIn('src/oauth/authorize/front-channel.http.test.ts')(
          'an access token that has to be bound to a key does not come over the browser',
        ),
      ),
      signed_request_object: enforced(
        'Requests in a JWT that the client signed.',
        ['oauth/request-object.ts', checks],
        signed('what was signed is asked for, and what stands beside it is not looked at'),
      ),
      compliance_level: enforced(
        'A security profile: what must be pushed, signed, bound and proved, and in which words errors come. See compliance-levels.md.',
        'oauth/compliance.ts',
        testsIn('src/oauth/authorize/compliance.http.test.ts')(
          '…: what was not pushed is refused, whatever the client says of pushing',
        ),
        testsIn('src/oauth/authorize/compliance.http.test.ts')('no level, `none` and null demand nothing'),
        testsIn('src/oauth/token/compliance.http.test.ts')(
          'a whole login: tokens bound to the certificate, good for its holder alone',
        ),
      ),
      par_request_expiry: enforced(
        'Seconds that a pushed request may be opened: 10 to 600; 30 where nothing is said.',
        'oauth/par/par.endpoint.ts',
        par('it expires, after as long as the client says; a login that had begun goes on'),
      ),
    }),
    ...rowsOf('signed_request_object', {
      required: enforced(
        'Requests that are not signed are refused.',
        checks,
        signed('a client that must sign is refused otherwise, brought or pushed'),
      ),
      credentials: enforced(
        'The keys that sign requests, and nothing else.',
        'oauth/request-object.ts',
        signed('a key that is not for requests, or no longer valid, signs none'),
        testsIn('src/oauth/authorize/managed-requests.http.test.ts')(
          'a key that comes with the client, and one that is added and put in its place',
        ),
      ),
    }),
    ...keyRows('signed_request_object.credentials'),
  ],
};
