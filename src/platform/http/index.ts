/**
 * HTTP: turns endpoint declarations into routes (tenant by host, guard, parsing, validation, audit, error dialects, CORS, headers)
 * and into OpenAPI. It owns how requests are read and answers are written; it knows no product rule. The only door to Fastify.
 */
export { type Background, createBackground } from './background.ts';
export { openContext, readSdk, type Shared } from './context.ts';
export { presentFailure } from './errors/index.ts';
export { formats } from './formats.ts';
export type { HttpServer, ListenOptions, TlsOptions } from './listen.ts';
export { openApiDocument } from './openapi.ts';
export type { Guard, Pipeline } from './pipeline.ts';
export { createRateLimiter } from './rate-limit.ts';
export { createHttpServer } from './server.ts';
export { compileEndpoint } from './validate.ts';
