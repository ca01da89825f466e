/**
 * The audit log: turns what code reports with `ctx.audit` into rows of Auth0's shape and makes them durable.
 * The type codes are the kernel's (`log-types.ts`). What is worth an event is decided where it happens; reading the rows is `resources/logs`.
 */
export { nextLogId } from './log-id.ts';
export { recordEvents } from './record-events.ts';
