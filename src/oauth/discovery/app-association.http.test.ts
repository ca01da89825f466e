import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const FINGERPRINT = '14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5';
const HANDLES = 'delegate_permission/common.handle_all_urls';
const ANDROID = '/.well-known/assetlinks.json';
const APPLE = '/.well-known/apple-app-site-association';

let server: TestServer;
let clientId: string;
before(async () => {
  server = await testServer();
  clientId = (await addApplication(server.ctx, { app_type: 'native' })).client_id;
});
after(() => server.close());

async function change(mobile: object) {
  const bearer = await managementToken(server, ['update:clients', 'read:clients']);
  const answer = await server.request('PATCH', `/api/v2/clients/${clientId}`, { bearer, json: { mobile } });
  assert.equal(answer.status, 200, answer.text);
}

test('a tenant without apps says so', async () => {
  assert.deepEqual((await server.get(ANDROID)).json, []);
  assert.deepEqual((await server.get(APPLE)).json, {
    applinks: { apps: [], details: [] },
    webcredentials: { apps: [] },
  });
});

test('the app of a client is in the files as soon as it is named in full', async () => {
  await change({ android: { app_package_name: 'com.mycompany.app1' }, ios: { team_id: '86WQXF56BC' } });
  assert.deepEqual((await server.get(ANDROID)).json, []);
  await change({
    android: { app_package_name: 'com.mycompany.app1', sha256_cert_fingerprints: [FINGERPRINT] },
    ios: { team_id: '86WQXF56BC', app_bundle_identifier: 'com.mycompany.App' },
  });
  const links = await server.get(ANDROID);
  assert.match(links.headers['content-type'] ?? '', /^application\/json/);
  assert.deepEqual(links.json, [
    {
      relation: [HANDLES],
      target: {
        namespace: 'android_app',
        package_name: 'com.mycompany.app1',
        sha256_cert_fingerprints: [FINGERPRINT],
      },
    },
  ]);
  const association = await server.get(APPLE);
  assert.match(association.headers['content-type'] ?? '', /^application\/json/);
  const appID = '86WQXF56BC.com.mycompany.App';
  assert.deepEqual(association.json, {
    applinks: { apps: [], details: [{ appID, paths: ['/ios/com.mycompany.App/*'] }] },
    webcredentials: { apps: [appID] },
  });
  assert.deepEqual((await server.get('/apple-app-site-association')).json, association.json);
});

test('one app of two clients is named once; passkeys on Android want their own relation', async () => {
  const ios = { team_id: '86WQXF56BC', app_bundle_identifier: 'com.mycompany.App' };
  const android = { app_package_name: 'com.mycompany.keys', sha256_cert_fingerprints: [FINGERPRINT] };
  const grant_types = ['urn:okta:params:oauth:grant-type:webauthn'];
  await addApplication(server.ctx, { app_type: 'native', grant_types, mobile: { ios, android } });
  assert.equal((await server.get(APPLE)).json.webcredentials.apps.length, 1);
  const links: { relation: string[] }[] = (await server.get(ANDROID)).json;
  const relations = links.map(({ relation }) => relation).sort((one, other) => one.length - other.length);
  assert.deepEqual(relations, [[HANDLES], [HANDLES, 'delegate_permission/common.get_login_creds']]);
});

test("another tenant's apps are not here", async () => {
  assert.deepEqual((await server.other.get(ANDROID)).json, []);
  assert.deepEqual((await server.other.get(APPLE)).json.webcredentials, { apps: [] });
});
