import { type Schema, schemaPaths } from './schema-paths.ts';

/** Where a property of a client stands: in answers, in bodies that make one, in bodies that change one. */
export type Side = 'answer' | 'create' | 'update';

/** One property, by its path, and where the schemas have it. */
export interface ClientPath {
  readonly path: string;
  readonly in: readonly Side[];
}

/** Names of Auth0's schemas. */
const PUBLISHED: Readonly<Record<Side, string>> = {
  answer: 'GetClientResponseContent',
  create: 'CreateClientRequestContent',
  update: 'UpdateClientRequestContent',
};

/** The paths of `sides`, those of answers first. */
export function mergeSides(sides: Readonly<Record<Side, readonly string[]>>): ClientPath[] {
  const names = Object.keys(sides) as Side[];
  const paths = new Set(Object.values(sides).flat());
  return [...paths].map((path) => ({ path, in: names.filter((side) => sides[side].includes(path)) }));
}

/** Every property of a client in the `schemas` of Auth0's OpenAPI document. */
export function clientPaths(schemas: Readonly<Record<string, Schema>>): ClientPath[] {
  const resolve = (ref: string): Schema => {
    const found = schemas[ref.split('/').at(-1) ?? ''];
    if (!found) throw new Error(`there is no ${ref}`);
    return found;
  };
  const pathsOf = (side: Side) => schemaPaths(resolve(PUBLISHED[side]), resolve);
  return mergeSides({ answer: pathsOf('answer'), create: pathsOf('create'), update: pathsOf('update') });
}
