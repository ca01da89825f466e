import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const custom = testsIn('src/oauth/token/grants/token-exchange/custom.http.test.ts');
const onBehalf = testsIn('src/oauth/token/grants/token-exchange/on-behalf-of.http.test.ts');
const social = testsIn('src/oauth/token/grants/token-exchange/native-social.http.test.ts');
const assertion = testsIn('src/oauth/token/grants/jwt-bearer/jwt-bearer.http.test.ts');
const quota = testsIn('src/oauth/token/quota.http.test.ts');
const switched = social('only what the client has switched on, through a connection that it may use');
const nativeSocial = 'oauth/token/grants/token-exchange/native-social.ts';
const told = custom('only first-party, OIDC conformant clients that were told so');
const toldOnBehalf = onBehalf('only confidential clients that stand for an API and were told so');
const counted = quota('a client has as many tokens as its quota, and again with the next hour');
const quotas = 'oauth/token/quota.ts';

const exchanges = enforced(
  '`custom_authentication`: exchanges tokens under the tenant’s profiles. `on_behalf_of_token_exchange`: its API calls others for its callers.',
  ['oauth/token/grants/token-exchange/custom.ts', 'oauth/token/grants/token-exchange/on-behalf-of.ts'],
  custom('a token of the profile’s issuer, for all tokens of its user'),
  onBehalf('an API calls another for the user of its caller'),
  told,
  toldOnBehalf,
);
const provider = (name: string, test: string) =>
  enforced(
    `Whether what ${name} gave an application on a device is exchanged for tokens.`,
    nativeSocial,
    switched,
    social(test),
  );
const apple = provider('Apple', 'Apple: a code that Apple exchanges for the application on the device');
const facebook = provider(
  'Facebook',
  'Facebook: a session info token that Facebook knows; the profile is the application’s word',
);
const google = provider('Google', 'Google: an ID token that Google signed for the connection');

export const grants: PropertyFamily = {
  title: 'Grants',
  rows: [
    ...rowsOf('', {
      allowed_clients: enforced(
        'Whose delegation it may be the target of. Empty: of everybody, where it is first-party.',
        'oauth/legacy/delegation.ts',
        testsIn('src/oauth/legacy/delegation.http.test.ts')('a target says who may ask for it'),
      ),
      grant_types: enforced(
        'What it may do at the token endpoint and elsewhere; with an empty list nothing. See grant-types.md.',
        ['oauth/allowed-grant.ts', 'resources/clients/grant-types.ts'],
        testsIn('src/resources/clients/grant-types.http.test.ts')(
          'an empty list, or none, allows nothing: every grant refuses in the same words',
        ),
        testsIn('src/resources/clients/grant-types.http.test.ts')(
          '/authorize refuses what the client lacks, and tells the application',
        ),
      ),
      native_social_login: enforced('Which providers’ artifacts are exchanged for tokens.', nativeSocial, switched),
      token_exchange: exchanges,
      identity_assertion_authorization_grant: enforced(
        'Whether identity assertions of an enterprise’s provider are exchanged.',
        'oauth/token/grants/jwt-bearer.ts',
        assertion('clients must be told so, and the connection too'),
      ),
      token_quota: enforced('How many tokens it gets for itself; in place of the tenant’s default.', quotas, counted),
      resource_server_identifier: enforced(
        'The API that it stands for: whose tokens it exchanges on behalf of. Shown on the API as `client_id`; set once, with `app_type` `resource_server` alone.',
        ['oauth/token/grants/own-access-token.ts', 'resources/clients/client.store.ts'],
        onBehalf('only access tokens of users, for the API that the client stands for'),
        testsIn('src/resources/resource-servers/resource-servers.http.test.ts')(
          'an API names the client that stands for it',
        ),
      ),
      async_approval_notification_channels: enforced(
        'How users are asked for approval: in the app, by mail. Only the app where nothing is said.',
        'oauth/ciba/channel.ts',
        testsIn('src/oauth/ciba/approval-by-email.http.test.ts')(
          'the client’s channels and the expiry choose how the user is asked',
        ),
      ),
    }),
    ...rowsOf('token_exchange', { allow_any_profile_of_type: exchanges }),
    ...rowsOf('token_quota', {
      client_credentials: enforced('Tokens of the client credentials grant.', quotas, counted),
    }),
    ...rowsOf('token_quota.client_credentials', {
      enforce: enforced(
        '`false`: what is too much is logged once, and given.',
        quotas,
        quota('a quota that is not enforced is counted and logged once'),
      ),
      per_day: enforced('Tokens in a day, by the clock of UTC.', quotas, counted),
      per_hour: enforced('Tokens in an hour.', quotas, counted),
    }),
    ...rowsOf('native_social_login', { apple, facebook, google }),
    ...rowsOf('native_social_login.apple', { enabled: apple }),
    ...rowsOf('native_social_login.facebook', { enabled: facebook }),
    ...rowsOf('native_social_login.google', { enabled: google }),
    ...rowsOf('identity_assertion_authorization_grant', {
      active: enforced(
        'Whether it is on.',
        'oauth/token/grants/jwt-bearer.ts',
        assertion('clients must be told so, and the connection too'),
      ),
    }),
  ],
};
