import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const files = testsIn('src/oauth/discovery/app-association.http.test.ts');
const named = files('the app of a client is in the files as soon as it is named in full');
const passkeys = testsIn('src/oauth/passkey/passkey.http.test.ts')(
  'pages that the application registered may ask, and its Android app',
);
const association = 'oauth/discovery/app-association.ts';

export const mobile: PropertyFamily = {
  title: 'Mobile applications',
  rows: [
    ...rowsOf('', { mobile: enforced('The apps that belong to the tenant’s domain.', association, named) }),
    ...rowsOf('mobile', {
      android: enforced('The Android app, in `/.well-known/assetlinks.json`.', association, named),
      ios: enforced('The iOS app, in `/.well-known/apple-app-site-association`.', association, named),
    }),
    ...rowsOf('mobile.android', {
      app_package_name: enforced('Its package.', association, named),
      sha256_cert_fingerprints: enforced(
        'What signs it; the app may ask for passkeys, too.',
        [association, 'strategies/passkey/origins.ts'],
        named,
        passkeys,
      ),
    }),
    ...rowsOf('mobile.ios', {
      team_id: enforced('Its team.', association, named),
      app_bundle_identifier: enforced(
        'Its bundle; whom Apple’s codes and ID tokens are for, too.',
        [association, 'strategies/native-social/apple.ts'],
        named,
        testsIn('src/oauth/token/grants/token-exchange/native-social.http.test.ts')(
          'Apple: what Apple refuses, and ID tokens that are not for this application',
        ),
      ),
    }),
  ],
};
