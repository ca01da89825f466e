import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formats } from './formats.ts';

const ID16 = 'PmFe8KxCsPJvZRrj';
const ID22 = '6hxWGEsXvZyIUcoI123456';

/** Per format what is taken and what is refused. */
const TABLE: Readonly<Record<string, readonly [accepted: readonly string[], refused: readonly string[]]>> = {
  'absolute-https-uri-or-empty': [
    ['', 'https://example.com/login', 'https://example.com:8443/a?b=c#d'],
    [
      'http://localhost:3000/login',
      'http://example.com',
      'https://localhost:4200/login',
      '/login',
      'example.com',
      'https:example.com',
    ],
  ],
  'absolute-https-uri-with-placeholders-or-empty': [
    ['', 'https://auth0.test/all/logout', 'https://{organization_name}.example.com/login'],
    [
      'http://localhost:5173',
      'https://localhost/x',
      'https://*.example.com',
      'https://{organization name}.example.com',
    ],
  ],
  'absolute-uri-or-empty': [
    ['', 'https://example.com/logo.png', 'http://example.com', 'https://10.0.0.1/logo.png'],
    ['https://localhost:3000/static/logo.svg', 'logo.png', 'ftp://example.com/x', 'https://exa mple.com'],
  ],
  acr: [
    ['foo', 'urn:mace:incommon:iap:silver'],
    ['', 'a b'],
  ],
  'callback-url': [
    [
      'http://localhost:3000',
      'https://example.com/callback?x=1',
      'https://*.example.com/cb',
      'https://pr-*-preview.example.com',
      'https://{organization_name}.example.com/cb',
      'com.example.app://tenant.example.com/ios/com.example.app/callback',
      'com.example.app:/oauth2redirect',
      'http://127.0.0.1/cb',
    ],
    [
      '',
      '/callback',
      'example.com/cb',
      'https://example.com/#/cb',
      'https://*.com',
      'https://a.*.example.com',
      'https://example.com/*',
      'https://*.*.example.com',
      'com.app://*.example.com',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a b.com',
      'https://',
    ],
  ],
  cidr: [
    ['10.0.0.0/8', '192.168.1.1/32'],
    ['10.0.0.0', '10.0.0.0/33', '2001:db8::/32', '10.0.0/8', '1.2.3.4/'],
  ],
  'client-grant-id': [[`cgr_${ID16}`], ['cgr_x', `con_${ID16}`]],
  'client-id': [
    ['Yys4z9sD9EnVECDeiRGVllOBePEQkHs4', `tpc_${ID22}`],
    ['', '#<Random:0x00007fd199de72c8>', 'a b'],
  ],
  'connection-id': [[`con_${ID16}`], ['con_x', '', `con_${ID16}1`]],
  'connection-profile-id': [[`cop_${ID22}`], ['cop_WRONG']],
  'connection-realm': [
    ['Username-Password-Authentication', 'example.com'],
    ['', 'a b', '-a'],
  ],
  'credential-id': [[`cred_${ID22}`], ['cred_1']],
  date: [
    ['2024-02-29', '2026-11-22'],
    ['2023-02-29', '2026-13-01', '2026-1-1', ''],
  ],
  'date-time': [
    ['2096-05-13T09:33:13Z', '2023-05-16T11:07:30.535694+02:00'],
    ['2023-02-30T00:00:00Z', '2023-05-16', '2023-05-16T11:07:30', '2023-05-16T24:00:00Z', '2023-05-16 11:07:30Z', 'x'],
  ],
  'ec-initiate-login-uri-template-url': [
    ['https://{organization_name}.example.com/login', 'https://a.com/{organization_id}?c={connection_name}'],
    ['', 'http://example.com', 'https://a.com/{user_id}', 'https://a.com/{'],
  ],
  email: [
    ['user@example.com', "o'neil+tag@sub.example.co.uk", 'jürgen@exämple.de'],
    [
      '',
      'user',
      'user@localhost',
      'a..b@example.com',
      '@example.com',
      'a b@example.com',
      `${'a'.repeat(65)}@example.com`,
      'a@-example.com',
    ],
  ],
  'email-or-empty': [['', 'support@example.com'], ['support']],
  'event-stream-id': [[`est_${ID22}`], ['est_invalid_id_1234567890']],
  'flow-id': [[`af_${ID22}`], ['af_1', `ac_${ID22}`]],
  'flows-vault-connections-id': [[`ac_${ID22}`], ['ac_1']],
  'forms-custom-identifier': [
    ['step_1', 'A-b'],
    ['', '1a', 'a b'],
  ],
  'forms-expression': [['{{context.user.email}}'], ['', 'context', '{{}}']],
  'forms-file-extension': [['.pdf'], ['pdf', '.', '.p df']],
  'forms-hex-color': [
    ['#fff', '#00FF00'],
    ['fff', '#ff'],
  ],
  'forms-url-https': [['https://example.com/hook'], ['http://example.com', '']],
  hostname: [
    ['tempdomain.com', 'localhost', 'a-1.example'],
    ['', '-a.com', 'a..b', 'exa_mple.com', `${'a'.repeat(64)}.com`],
  ],
  'hostname-rfc2181': [
    ['smtp_1.example.com', 'localhost'],
    ['', 'a b', 'a..b'],
  ],
  'html-color': [
    ['#F8F8F2', '#000'],
    ['red', '#12345', ''],
  ],
  'html-color-or-null': [['#0059d6'], ['0059d6']],
  ipv4: [['127.0.0.1'], ['127.0.0', '256.1.1.1', '::1', '']],
  ipv6: [
    ['::1', '2001:db8::8a2e:370:7334'],
    ['127.0.0.1', ':::', ''],
  ],
  ipv6_cidr: [
    ['2001:0db8:2222::/48', '::/0'],
    ['2001:db8::', '::/129', '10.0.0.0/8'],
  ],
  'non-empty-string': [['x'], ['', '  ']],
  'organization-id': [[`org_${ID16}`], ['org_x', 'acme']],
  'organization-name': [
    ['acme', 'some-org_1', '1org'],
    ['', 'Acme', '-acme', `org_${ID16}`.toLowerCase(), 'a'.repeat(51)],
  ],
  'role-id': [[`rol_${ID16}`], ['rol_x']],
  'session-id': [['abc_DEF-123'], ['', 'a b', 'a'.repeat(51)]],
  'strict-https-uri-or-null': [
    ['https://example.com/logo.gif'],
    ['', 'http://example.com/logo.gif', 'https://localhost/x'],
  ],
  'strict-uri': [
    ['https://example-picture-url.jpg', 'example.com/p.png', 'http://example.com'],
    ['', 'picture', 'http://localhost/p.png'],
  ],
  uri: [
    ['https://example.com', 'urn:example:a', 'http://localhost'],
    ['', 'example.com', '/x', 'a b:c'],
  ],
  url: [
    ['https://example.com/cross-origin-loc', 'http://localhost:3000'],
    ['', 'example.com', 'ftp://example.com', 'javascript:alert(1)'],
  ],
  'url-or-null': [['https://example.com'], ['', 'x']],
  'url-with-placeholders': [
    [
      'http://localhost:3000',
      'https://app.com/logout',
      'https://*.example.com',
      'com.example.app://logout',
      'https://{organization_name}.example.com',
    ],
    ['', '*', 'https://*', 'example.com', 'https://example.com/*', 'javascript:alert(1)'],
  ],
  'user-attribute-profile-id': [[`uap_${ID22}`], ['uap_WRONG']],
  'user-id': [
    ['auth0|643eeec175f861f25ed0a0b0', 'google-oauth2|1'],
    ['', '3241312', 'auth0|', '|1', `auth0|${'a'.repeat(300)}`],
  ],
  'user-id-with-max-length': [['auth0|63d17c3f13efda064d3ac6d1'], ['x', `auth0|${'a'.repeat(300)}`]],
  uuid: [['b3cf2a61-38a5-4eeb-bcd6-c8d69efe23cd'], ['b3cf2a61', '']],
};

describe('formats', () => {
  it('has a row in this table for every format', () => {
    assert.deepEqual(Object.keys(TABLE).sort(), Object.keys(formats).sort());
  });
  for (const [name, [accepted, refused]] of Object.entries(TABLE)) {
    it(name, () => {
      for (const value of accepted) assert.equal(formats[name]!(value), true, `takes ${value}`);
      for (const value of refused) assert.equal(formats[name]!(value), false, `refuses ${value}`);
    });
  }
});
