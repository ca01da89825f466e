/**
 * The words that everybody shares: how an endpoint, a collection and a Management resource are declared and what a write to one leaves
 * in the log, what a failure is, what a request's context holds, where time and chance come from, and what the machinery must offer
 * (`ports.ts`). It imports nothing of ours and knows no product rule.
 */

export * from './address-list.ts';
export * from './clock.ts';
export * from './collection.ts';
export * from './context.ts';
export * from './endpoint.ts';
export * from './failure.ts';
export * from './ids.ts';
export * from './list-in-memory.ts';
export type { LogType } from './log-types.ts';
export * from './management-write.ts';
export * from './paging.ts';
export * from './ports.ts';
export * from './problem.ts';
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
export * from './templates.ts';
export * from './token-terms.ts';
export * from './web-url.ts';
