import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const login = testsIn('src/enterprise/saml-idp/saml-login.http.test.ts');
const settings = testsIn('src/enterprise/saml-idp/saml-settings.http.test.ts');
const logout = testsIn('src/enterprise/saml-idp/saml-logout.http.test.ts');
const response = 'enterprise/saml-idp/send-response.ts';
const claims = 'assertions/claims-of.ts';
const keys = 'enterprise/saml-idp/saml-client.ts';

export const samlp: PropertyFamily = {
  title: 'SAML',
  rows: [
    ...rowsOf('addons', {
      samlp: enforced(
        '/samlp/{client_id}, its metadata and its logout: the client speaks SAML 2.0',
        'enterprise/saml-idp/saml.endpoints.ts',
        login('a service provider sends a person here and gets them back, known'),
        login('a client that is not there, speaks no SAML or is of another tenant gets nobody anything'),
      ),
    }),
    ...rowsOf('addons.samlp', {
      mappings: enforced(
        'names of attributes; dots lead into metadata',
        claims,
        settings('mappings say by which names attributes go'),
      ),
      audience: enforced('whom the assertion is for', response, settings('audience is who the assertion is for')),
      recipient: enforced(
        'where the assertion may be handed in',
        response,
        settings('recipient is where the assertion may be handed in'),
      ),
      createUpnClaim: enforced('a UPN among the attributes', claims, settings('createUpnClaim adds a UPN')),
      mapUnknownClaimsAsIs: enforced(
        'names of attributes without a mapping',
        claims,
        settings('mapUnknownClaimsAsIs leaves their names as they are'),
      ),
      passthroughClaimsWithNoMapping: enforced(
        'attributes without a mapping',
        claims,
        settings('passthroughClaimsWithNoMapping sends what has no mapping'),
      ),
      mapIdentities: enforced(
        'identities among the attributes; with the provider’s access token where it is set to true',
        claims,
        settings('mapIdentities says by which identity the user is known'),
        settings('mapIdentities hands on the access token of the identity provider where it is set'),
      ),
      signatureAlgorithm: enforced(
        'signatures of assertions, responses and logout messages; `rsa-sha1` also lets requests be signed with SHA-1',
        keys,
        settings('signatureAlgorithm and digestAlgorithm are those of the signature'),
        settings('signingCert lets in signed requests only'),
      ),
      digestAlgorithm: enforced(
        'signatures of assertions, responses and logout messages',
        keys,
        settings('signatureAlgorithm and digestAlgorithm are those of the signature'),
      ),
      issuer: enforced('who we are, in messages and metadata', keys, settings('issuer is who we are')),
      destination: enforced(
        'where the response says that it goes',
        response,
        settings('destination is where the response says that it goes'),
      ),
      lifetimeInSeconds: enforced(
        'how long the assertion is valid',
        response,
        settings('lifetimeInSeconds is how long the assertion is valid'),
      ),
      signResponse: enforced(
        'what is signed',
        response,
        settings('signResponse signs the response in place of the assertion'),
      ),
      'nameIdentifierFormat nameIdentifierProbes': enforced(
        'who the subject is',
        'assertions/name-identifier.ts',
        settings('nameIdentifierFormat and nameIdentifierProbes say who the subject is'),
      ),
      authnContextClassRef: enforced(
        'how the user has logged in',
        response,
        settings('authnContextClassRef is how the user has logged in'),
      ),
      typedAttributes: enforced(
        'the type of each value of an attribute',
        'assertions/saml20.ts',
        settings('typedAttributes says the type of each value'),
      ),
      includeAttributeNameFormat: enforced(
        'the kind of each name of an attribute',
        'assertions/saml20.ts',
        settings('includeAttributeNameFormat says the kind of each name'),
      ),
      signingCert: enforced(
        'requests are taken only with a signature of it; one that cannot be read is taken when written, and lets no request in',
        'enterprise/saml-idp/incoming.ts',
        settings('signingCert lets in signed requests only'),
        logout('signed: requests and answers of an application with a signingCert'),
      ),
      'logout binding': enforced(
        'single logout: how messages are sent, and where to',
        'enterprise/saml-idp/outgoing.ts',
        logout('binding and logout.callback say how and where the answer goes'),
      ),
    }),
    ...rowsOf('addons.samlp.logout', {
      callback: enforced(
        'where logout messages are sent to',
        'enterprise/saml-idp/logout-round.ts',
        logout('binding and logout.callback say how and where the answer goes'),
        logout('without logout.callback there is nobody to answer, and nothing ends'),
      ),
      slo_enabled: enforced(
        'whether the application hears of sessions that end elsewhere',
        'enterprise/saml-idp/logout-round.ts',
        logout('logout.slo_enabled keeps an application from being asked'),
      ),
    }),
  ],
};
