/**
 * The audit log: turns what code reports with `ctx.audit` into rows of Auth0's shape and makes them durable, and knows the type codes.
 * What is worth an event is decided where it happens; reading the rows is `resources/logs`.
 */
export { nextLogId } from './log-id.ts';
export { type LogType, logTypes } from './log-types.ts';
export { recordEvents } from './record-events.ts';
