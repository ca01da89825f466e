import { readFileSync } from 'node:fs';
import type { Endpoint } from '../../src/kernel/index.ts';
import { code, compareTexts, page, table } from './markdown.ts';

/** One row of `docs/compat/auth0-operations.json`: what Auth0 publishes, without its words. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly scopes: readonly string[];
}

/** Names of parameters do not matter: `/users/{id}` and `/users/:user_id` are one operation. */
const signature = (method: string, path: string) => `${method} ${path.replace(/\{[^}]+\}|:\w+/g, '{}')}`;
const groupOf = ({ path }: Operation) => path.split('/')[3] ?? '';
const sameScopes = (one: readonly string[], other: readonly string[]) =>
  [...one].sort(compareTexts).join(' ') === [...other].sort(compareTexts).join(' ');

function verdict(operation: Operation, mine: Endpoint | undefined): string {
  if (!mine) return 'no';
  if (sameScopes(operation.scopes, mine.scopes ?? [])) return '**yes**';
  return `**yes**; scopes here: ${(mine.scopes ?? []).map(code).join(' ') || 'none'}`;
}

function beyond(endpoints: readonly Endpoint[], known: ReadonlySet<string>): string[] {
  const own = endpoints.filter(({ method, path, surface }) => {
    return surface === 'management' && !known.has(signature(method, path));
  });
  if (own.length === 0) return [];
  const rows = own.map(({ method, path, summary }) => [method, code(path), summary]);
  return ['## Only here', table(['method', 'path', 'summary'], rows)];
}

/** Each operation of Auth0's Management API (the list in `file`), and whether `endpoints` has it. */
export function operationsPage(endpoints: readonly Endpoint[], file: string): string {
  const operations = JSON.parse(readFileSync(file, 'utf8')) as Operation[];
  const mine = new Map(endpoints.map((endpoint) => [signature(endpoint.method, endpoint.path), endpoint]));
  const find = ({ method, path }: Operation) => mine.get(signature(method, path));
  const groups = [...Map.groupBy(operations, groupOf)].sort(([one], [other]) => compareTexts(one, other));
  const count = (list: readonly Operation[]) => list.filter(find).length;
  const sections = groups.map(([name, list]) => {
    const rows = list.map((one) => [
      one.method,
      code(one.path),
      one.scopes.map(code).join(' '),
      verdict(one, find(one)),
    ]);
    return `## ${name}: ${count(list)} of ${list.length}\n\n${table(['method', 'path', 'scopes (any)', 'here'], rows)}`;
  });
  return page(
    '# Operations of the Management API',
    `Generated from \`src/endpoints.ts\` and \`auth0-operations.json\`. Of the ${operations.length} operations that Auth0 ` +
      `publishes, this version has **${count(operations)}**.`,
    ...sections,
    ...beyond(endpoints, new Set(operations.map(({ method, path }) => signature(method, path)))),
  );
}
