import type { Endpoint } from '../../src/kernel/index.ts';
import { code, compareTexts, page, table } from './markdown.ts';

const OPERATIONS = [
  ['GET', '`/healthz`', 'The process lives.'],
  ['GET', '`/readyz`', 'The database can be reached; 503 while it can not.'],
  ['GET', '`/metrics`', 'Prometheus metrics.'],
];

const order = (one: Endpoint, other: Endpoint) =>
  compareTexts(one.path, other.path) || compareTexts(one.method, other.method);

function rowOf({ method, path, surface, scopes = [], summary }: Endpoint): string[] {
  return [method, code(path), surface, scopes.map(code).join(' '), summary];
}

/** Every endpoint as a row: method, path, surface, scopes (any one of them is enough), summary. */
export function endpointsPage(endpoints: readonly Endpoint[]): string {
  const sorted = [...endpoints].sort(order);
  const [management, others] = [true, false].map((wanted) =>
    sorted.filter((endpoint) => (endpoint.surface === 'management') === wanted),
  );
  const columns = ['method', 'path', 'surface', 'scopes', 'summary'];
  return page(
    '# Endpoints',
    'Generated from `src/endpoints.ts`. A Management token needs any one of the scopes in its row. The surface decides how ' +
      'errors are written. The same list as OpenAPI: `management-api.json` and `authentication-api.json` in this folder, and ' +
      '`/api/v2/openapi.json` and `/openapi.json` on a running server.',
    '## Authentication',
    table(columns, others?.map(rowOf) ?? []),
    '## Management API',
    table(columns, management?.map(rowOf) ?? []),
    '## For whoever operates the server',
    'These belong to no tenant and are no part of OpenAPI.',
    table(['method', 'path', 'summary'], OPERATIONS),
  );
}
