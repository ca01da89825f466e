import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';

const PATH = '/api/v2/tenants/settings';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, ['read:tenant_settings', 'update:tenant_settings']);
});
after(() => server.close());

const patch = (json: object) => server.request('PATCH', PATH, { bearer, json });

test('a fresh tenant has the recorded settings', async () => {
  const { json } = await server.get(PATH, { bearer });
  assert.deepEqual(json, {
    enabled_locales: ['en'],
    flags: {
      allow_changing_enable_sso: false,
      cannot_change_enforce_client_authentication_on_passwordless_start: true,
      disable_impersonation: true,
      enable_sso: true,
      enforce_client_authentication_on_passwordless_start: true,
      universal_login: true,
      revoke_refresh_token_grant: false,
      disable_clickjack_protection_headers: false,
    },
    idle_session_lifetime: 72,
    ephemeral_session_lifetime: 72,
    idle_ephemeral_session_lifetime: 24,
    session_lifetime: 168,
    sandbox_version: '22',
    oidc_logout: { rp_logout_end_session_endpoint_discovery: true },
    resource_parameter_profile: 'compatibility',
    sandbox_versions_available: ['22', '18', '12'],
  });
});

test('a change is merged, answered without the runtimes, and kept', async () => {
  const { status, json } = await patch({ friendly_name: 'My Tenant', flags: { revoke_refresh_token_grant: true } });
  assert.equal(status, 200);
  assert.equal(json.flags.revoke_refresh_token_grant, true);
  assert.equal(json.flags.enable_sso, true);
  assert.equal('sandbox_versions_available' in json, false);
  const chosen = await server.get(`${PATH}?fields=friendly_name,flags.x`, { bearer });
  assert.equal(chosen.status, 400);
  assert.deepEqual((await server.get(`${PATH}?fields=friendly_name`, { bearer })).json, { friendly_name: 'My Tenant' });
});

test('null removes', async () => {
  await patch({ error_page: { html: '<p>x</p>' }, mtls: { enable_endpoint_aliases: true } });
  const { json } = await patch({ error_page: null, mtls: null, acr_values_supported: null });
  assert.equal('error_page' in json || 'mtls' in json, false);
});

const REFUSED: readonly [object, RegExp][] = [
  [
    { universal_login: { passwordless: { allow_magiclink_verify_without_session: false } } },
    /allow_magiclink_verify_without_session can not be false/,
  ],
  [{ country_codes: { mode: 'allow', list: ['CH'] } }, /^country_codes is not supported/],
  [{ flags: { enable_sso: false } }, /^flags.enable_sso can not be false/],
  [{ flags: { change_pwd_flow_v1: true } }, /^flags.change_pwd_flow_v1 can not be true/],
  [{ flags: { enable_idtoken_api2: true } }, /^flags.enable_idtoken_api2 can not be true/],
  [{}, /Too few properties defined \(0\), minimum 1/],
  [{ unheard_of: 1 }, /Additional properties not allowed: unheard_of/],
  [{ sandbox_versions_available: [] }, /Additional properties not allowed: sandbox_versions_available/],
  [{ flags: { unheard_of: true } }, /Additional properties not allowed: unheard_of' on property flags/],
  [{ flags: { enable_sso: 'yes' } }, /Expected type boolean but found type string' on property flags\.enable_sso/],
  [
    { error_page: { enabled: true } },
    /Additional properties not allowed: enabled' on property error_page \(Tenant error page customization\.\)\./,
  ],
  [{ session_lifetime: 0 }, /Value 0 is less than minimum 1' on property session_lifetime/],
  [{ enabled_locales: [] }, /Array is too short \(0\), minimum 1/],
  [{ enabled_locales: ['tlh'] }, /No enum match for: tlh/],
  [
    { default_redirection_uri: 'http://a.test' },
    /absolute-https-uri-or-empty: http:\/\/a\.test' on property default_redirection_uri \(The default absolute redirection uri, must be https\)/,
  ],
];

for (const [json, message] of REFUSED) {
  test(`refused, nothing changed: ${JSON.stringify(json)}`, async () => {
    const before = (await server.get(PATH, { bearer })).text;
    const answer = await patch(json);
    assert.equal(answer.status, 400);
    assert.match(answer.json.message, message);
    assert.equal((await server.get(PATH, { bearer })).text, before);
  });
}

test('what a fresh tenant has anyway may be sent', async () => {
  const flags = { enable_sso: true, change_pwd_flow_v1: false, enable_idtoken_api2: false };
  const { status, json } = await patch({ flags, country_codes: null });
  assert.deepEqual([status, json.flags.enable_sso, 'country_codes' in json], [200, true, false]);
});
