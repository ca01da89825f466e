/**
 * The server's own description: OpenAPI documents derived from the list of endpoints, one for the Management API and one for the
 * authentication surface. It owns which endpoints belong in which document, not how a declaration becomes OpenAPI (`platform/http`).
 */
export { authenticationDocument, managementDocument } from './documents.ts';
export { openApiEndpoints } from './openapi.endpoints.ts';
