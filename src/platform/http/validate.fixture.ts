import assert from 'node:assert/strict';
import {
  type Endpoint,
  type EndpointDeclaration,
  empty,
  endpoint,
  type Surface,
  type TSchema,
  WireError,
} from '../../kernel/index.ts';
import { compileEndpoint, type RawInput } from './validate.ts';

export type Schemas = Partial<Pick<EndpointDeclaration<TSchema, TSchema, TSchema>, 'params' | 'query' | 'body'>>;

/** An endpoint of `surface` with these schemas. */
export function declare(surface: Surface, schemas: Schemas): Endpoint {
  return endpoint({
    method: 'POST',
    path: '/x/:id',
    name: 'x',
    summary: 'x',
    tag: 'x',
    surface,
    replies: { 204: 'Done.' },
    handle: async () => empty(204),
    ...schemas,
  });
}

export const NOTHING: RawInput = { params: {}, query: {}, body: {} };

/** How `input` is refused; fails the test when it is not. */
export function refusal(surface: Surface, schemas: Schemas, input: Partial<RawInput>): WireError {
  try {
    compileEndpoint(declare(surface, schemas))({ ...NOTHING, ...input });
  } catch (error) {
    assert.ok(error instanceof WireError);
    return error;
  }
  assert.fail('was accepted');
}
