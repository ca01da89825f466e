/** Names of SAML 2.0 (SAML core, bindings and metadata). */
export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';

const bindings = 'urn:oasis:names:tc:SAML:2.0:bindings:';
export const BINDING = { redirect: `${bindings}HTTP-Redirect`, post: `${bindings}HTTP-POST` } as const;

const status = 'urn:oasis:names:tc:SAML:2.0:status:';
export const STATUS = {
  success: `${status}Success`,
  requester: `${status}Requester`,
  responder: `${status}Responder`,
  noPassive: `${status}NoPassive`,
  authnFailed: `${status}AuthnFailed`,
  invalidNameIdPolicy: `${status}InvalidNameIDPolicy`,
  partialLogout: `${status}PartialLogout`,
} as const;
