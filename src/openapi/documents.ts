import type { Endpoint } from '../kernel/index.ts';
import { openApiDocument } from '../platform/http/index.ts';

/** A document without the server it is read from. */
type Described = Omit<ReturnType<typeof openApiDocument>, 'servers'>;

/** Screens are for people: no program calls them. */
const isScreen = (endpoint: Endpoint) => endpoint.path.startsWith('/u/');

function describe(endpoints: readonly Endpoint[], title: string, version: string): Described {
  const { servers: _servers, ...document } = openApiDocument(endpoints, { title, version, serverUrl: '/' });
  return document;
}

/** The endpoints under `/api/v2` as an OpenAPI 3.1 document, without `servers`. Equal lists give equal bytes. */
export function managementDocument(endpoints: readonly Endpoint[], version: string): Described {
  const mine = endpoints.filter((endpoint) => endpoint.surface === 'management');
  return describe(mine, 'Countersign Management API', version);
}

/** Everything else that programs call (OAuth, MFA, database connections) as an OpenAPI 3.1 document, without `servers`. */
export function authenticationDocument(endpoints: readonly Endpoint[], version: string): Described {
  const mine = endpoints.filter((endpoint) => endpoint.surface !== 'management' && !isScreen(endpoint));
  return describe(mine, 'Countersign Authentication API', version);
}
