import { enforced, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const properties = testsIn('src/enterprise/ws-federation/relying-party-properties.http.test.ts');
const protocol = testsIn('src/enterprise/ws-federation/ws-federation.http.test.ts');

const encryption = (does: string) =>
  enforced(
    does,
    ['enterprise/encryption.ts', 'resources/clients/encryption-key.rules.ts'],
    properties('encryption_key: the token is for the eyes of whoever has the key'),
    properties('encryption_key is a certificate with an RSA key, and the key in it'),
    testsIn('src/enterprise/saml-idp/saml-settings.http.test.ts')(
      'encryption_key keeps the assertion from everybody but the service provider',
    ),
  );

const token = (does: string) =>
  enforced(
    does,
    'enterprise/ws-federation/security-token.ts',
    properties(
      'addons.wsfed says which claims there are, who the subject is, how long the token lives and how it is signed',
    ),
  );

export const wsFederation: PropertyFamily = {
  title: 'WS-Federation and the identity provider’s keys',
  rows: [
    ...rowsOf('', {
      client_aliases: enforced(
        'Realms by which applications call themselves at `/wsfed`. Each is one client’s; the first names it where a request does not.',
        ['enterprise/ws-federation/relying-party.ts', 'resources/clients/client.rules.ts'],
        properties('client_aliases: realms of one client only, the first its name where a request names none'),
        protocol('the realm names the application: by its id, or by an alias'),
      ),
      encryption_key: encryption('Assertions, of SAML and of WS-Federation, are encrypted.'),
      form_template: enforced(
        'The page that carries the answer of `/wsfed` to the application: `@@callback@@`, `@@wresult@@` and `@@wctx@@` are filled in, as text.',
        'enterprise/ws-federation/form-template.ts',
        properties('form_template: the page of the answer is the tenant’s own; placeholders are filled with text'),
        properties('form_template: what is put into a script or an attribute without quotes cannot end it'),
      ),
    }),
    ...rowsOf('encryption_key', {
      cert: encryption('The certificate whose key encrypts; it goes along with what is encrypted.'),
      pub: encryption('The key of that certificate; may be left out.'),
      subject: shown('A note.', [], properties('encryption_key: the token is for the eyes of whoever has the key')),
    }),
    ...rowsOf('addons', {
      wsfed: enforced(
        '`/wsfed` answers for the application. What the token says may be set in it, too.',
        ['enterprise/ws-federation/relying-party.ts', 'enterprise/ws-federation/security-token.ts'],
        protocol('only clients with the add-on, and none of strict third parties'),
        properties(
          'addons.wsfed says which claims there are, who the subject is, how long the token lives and how it is signed',
        ),
        properties('what addons.wsfed does not take is refused, and changes nothing'),
      ),
    }),
    ...rowsOf('addons.wsfed', {
      'mappings createUpnClaim mapUnknownClaimsAsIs passthroughClaimsWithNoMapping mapIdentities': token(
        'Which claims the token has, and what they are called.',
      ),
      'nameIdentifierFormat nameIdentifierProbes': token('Who the subject of the token is.'),
      lifetimeInSeconds: token('Seconds that the token is valid; 28800 unless set.'),
      'signatureAlgorithm digestAlgorithm': token('How the token is signed; `rsa-sha256` and `sha256` unless set.'),
    }),
  ],
};
