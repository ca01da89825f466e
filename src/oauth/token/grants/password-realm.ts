import { requireRealm } from '../../../strategies/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeWithPassword } from './password-login.ts';

/** Auth0: the password grant for users of the database that `realm` names. */
export const passwordRealm = grant({
  type: GRANT.passwordRealm,
  summary: "Auth0's extension of the password grant: the user is looked for in the connection that `realm` names.",
  rules: [
    'The connection must be a database that the client may use.',
    'Answers `mfa_required` where a second factor is wanted.',
  ],
  tests: ['src/oauth/token/grants/password.http.test.ts'],
  params: { username: 'required', password: 'required', realm: 'required', organization: 'optional' },
  log: { success: 'sepft', failure: 'fepft' },
  secondFactor: true,
  handle: async (ctx, request) =>
    authorizeWithPassword(ctx, request, await requireRealm(ctx, request.client, request.params.realm)),
});
