import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const requests: PropertyFamily = {
  title: 'Requests',
  rows: [
    ...rowsOf('', {
      require_pushed_authorization_requests: enforced('/authorize refuses what was not pushed', []),
      require_proof_of_possession: enforced('/oauth/token and /authorize give no token that is not bound to a key', []),
      signed_request_object: enforced('signed requests at /authorize and /oauth/par', []),
      compliance_level: enforced(
        '/authorize, /oauth/par, /oauth/token, /userinfo: what must be pushed, signed, bound and proved, and in which words errors come',
        [],
      ),
      par_request_expiry: enforced('/oauth/par', []),
    }),
    ...rowsOf('signed_request_object', {
      'required credentials': enforced('signed requests at /authorize and /oauth/par', []),
    }),
    ...rowsOf('signed_request_object.credentials[]', {
      'id credential_type name pem alg parse_expiry_from_cert expires_at kid': enforced(
        'signed requests at /authorize and /oauth/par',
        [],
      ),
    }),
  ],
};
