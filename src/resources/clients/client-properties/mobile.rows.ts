import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const mobile: PropertyFamily = {
  title: 'Mobile applications',
  rows: [
    ...rowsOf('', {
      mobile: enforced('assetlinks.json and apple-app-site-association; origins of passkeys; Sign in with Apple', []),
    }),
    ...rowsOf('mobile', {
      'android ios': enforced(
        'assetlinks.json and apple-app-site-association; origins of passkeys; Sign in with Apple',
        [],
      ),
    }),
    ...rowsOf('mobile.android', {
      'app_package_name sha256_cert_fingerprints': enforced(
        'assetlinks.json and apple-app-site-association; origins of passkeys; Sign in with Apple',
        [],
      ),
    }),
    ...rowsOf('mobile.ios', {
      'team_id app_bundle_identifier': enforced(
        'assetlinks.json and apple-app-site-association; origins of passkeys; Sign in with Apple',
        [],
      ),
    }),
  ],
};
