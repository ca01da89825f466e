/**
 * The words that everybody shares: how an endpoint, a collection, a grant and a factor are declared, what a failure is,
 * where time and randomness come from. It imports nothing of ours and knows no product rule.
 */

export * from './api-event.ts';
export * from './clock.ts';
export * from './collection.ts';
export * from './context.ts';
export * from './endpoint.ts';
export * from './failure.ts';
export * from './ids.ts';
export * from './paging.ts';
export * from './ports.ts';
export * from './random.ts';
export * from './resource.ts';
export type {
  Asked,
  DeleteOperation,
  ListOperation,
  Operation,
  Resource,
  WriteOperation,
} from './resource-declaration.ts';
export * from './schema.ts';
export * from './search.ts';
export * as shapes from './shapes.ts';
