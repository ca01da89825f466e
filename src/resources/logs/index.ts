/** The tenant's log of events and `/api/v2/logs`. What is worth an event is decided where it happens; how it becomes a row is `audit/`. */
export { logEndpoints } from './log.endpoints.ts';
export { type LogEvent, logsCollection, logsOf } from './log.store.ts';
