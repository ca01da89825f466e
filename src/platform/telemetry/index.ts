/** Telemetry: structured logs with secrets redacted. Metrics are with the HTTP server. The only door to pino. */
export { createLogger } from './log.ts';
