import { type Context, type Endpoint, endpoint, json } from '../kernel/index.ts';
import { authenticationDocument, managementDocument } from './documents.ts';

const ABOUT = {
  method: 'GET',
  tag: 'openapi',
  surface: 'plain',
  cors: 'public',
  replies: { 200: 'The document, with the tenant that was asked as its server.' },
} as const;

type Document = ReturnType<typeof managementDocument>;

/** A document is derived when it is first asked for, once; only its server differs from request to request. */
function serve(derive: () => Document) {
  let derived: Document | undefined;
  return async ({ issuer }: Context) => {
    derived ??= derive();
    return json(200, { ...derived, servers: [{ url: issuer.replace(/\/$/, '') }] });
  };
}

/** `/api/v2/openapi.json` and `/openapi.json`, which describe `endpoints` and themselves. Both are public. */
export function openApiEndpoints(endpoints: readonly Endpoint[], version: string): Endpoint[] {
  const own: Endpoint[] = [];
  const all = () => [...endpoints, ...own];
  own.push(
    endpoint({
      ...ABOUT,
      path: '/api/v2/openapi.json',
      name: 'getManagementOpenApi',
      summary: 'The Management API as an OpenAPI document.',
      handle: serve(() => managementDocument(all(), version)),
    }),
    endpoint({
      ...ABOUT,
      path: '/openapi.json',
      name: 'getAuthenticationOpenApi',
      summary: 'The authentication endpoints as an OpenAPI document.',
      handle: serve(() => authenticationDocument(all(), version)),
    }),
  );
  return own;
}
