import type { Context } from '../../kernel/index.ts';
import { clientsOf, type StoredClient } from '../../resources/clients/index.ts';

const PASSKEY_GRANT = 'urn:okta:params:oauth:grant-type:webauthn';
const HANDLES_URLS = 'delegate_permission/common.handle_all_urls';
/** What Android wants to see before an app may use this domain's passkeys. */
const GETS_CREDENTIALS = 'delegate_permission/common.get_login_creds';

/** Clients in the order in which they were made, so that the files change only with what is in them. */
const clients = (ctx: Context) => clientsOf(ctx).list({ orderBy: 'created_at' });

/** Digital Asset Links: the Android apps that links to this domain may open, named by the `mobile` of their clients. */
export async function assetLinks(ctx: Context): Promise<object[]> {
  return (await clients(ctx)).flatMap(({ mobile, grant_types }) => {
    const { app_package_name, sha256_cert_fingerprints } = mobile?.android ?? {};
    if (!app_package_name || !sha256_cert_fingerprints?.length) return [];
    const relation = grant_types?.includes(PASSKEY_GRANT) ? [HANDLES_URLS, GETS_CREDENTIALS] : [HANDLES_URLS];
    return [
      { relation, target: { namespace: 'android_app', package_name: app_package_name, sha256_cert_fingerprints } },
    ];
  });
}

function appOf({ mobile }: StoredClient): { appID: string; bundle: string } | undefined {
  const { team_id, app_bundle_identifier: bundle } = mobile?.ios ?? {};
  return team_id && bundle ? { appID: `${team_id}.${bundle}`, bundle } : undefined;
}

/**
 * Apple's association file: the apps that links to this domain may open, each on paths of its own (Auth0: `/ios/<bundle>/…`, where
 * their callbacks are), and that may use its passkeys.
 */
export async function appleAssociation(ctx: Context): Promise<object> {
  const apps = (await clients(ctx)).map(appOf).filter((app) => app !== undefined);
  const byId = new Map(apps.map((app) => [app.appID, app]));
  const details = [...byId.values()].map(({ appID, bundle }) => ({ appID, paths: [`/ios/${bundle}/*`] }));
  return { applinks: { apps: [], details }, webcredentials: { apps: [...byId.keys()] } };
}
