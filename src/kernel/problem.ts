import { type ErrorOptions, WireError } from './failure.ts';

/** Auth0's kinds of problems (RFC 9457), by the number that it gives them; those that it does not publish go by their status. */
const KINDS = {
  bad_request: [400, '0001', 'Bad Request'],
  validation: [400, '0003', 'Validation Error'],
  invalid_token: [401, '0001', 'Invalid Token'],
  missing_token: [401, '0002', 'Missing Token'],
  forbidden: [403, '0001', 'Forbidden'],
  insufficient_scope: [403, '0002', 'Insufficient Scope'],
  not_found: [404, '0002', 'Resource Not Found'],
  configuration: [409, '0001', 'Configuration issue'],
  duplicate: [409, '0003', 'Duplicate Resource'],
  too_large: [413, '0001', 'Payload Too Large'],
  unsupported_media_type: [415, '0001', 'Unsupported Media Type'],
  rate_limit: [429, '0003', 'Endpoint Rate Limit Exceeded'],
  internal: [500, '0001', 'Internal Server Error'],
  unavailable: [503, '0001', 'Service Unavailable'],
} as const;

export type ProblemKind = keyof typeof KINDS;

/** Problem dialect: `{type, status, title, detail, …extra}`; without `detail` only the extra members say what is wrong. */
export function problem(kind: ProblemKind, detail: string | undefined, options: ErrorOptions = {}): WireError {
  const [status, number, title] = KINDS[kind];
  const type = `https://auth0.com/api-errors#A0E-${status}-${number}`;
  const body = { type, status, title, ...(detail === undefined ? {} : { detail }), ...options.extra };
  return new WireError(status, body, options);
}

const BY_STATUS: Readonly<Record<number, ProblemKind>> = {
  401: 'invalid_token',
  403: 'forbidden',
  404: 'not_found',
  409: 'duplicate',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'rate_limit',
  500: 'internal',
  503: 'unavailable',
};

/** An error of the Management API in the dialect of problems: what it says stays, and its headers. */
export function asProblem(wire: WireError): WireError {
  if (wire.body.type !== undefined) return wire;
  const options = { headers: { ...wire.headers }, ...(wire.detail === undefined ? {} : { detail: wire.detail }) };
  return problem(BY_STATUS[wire.status] ?? 'bad_request', String(wire.body.message ?? wire.status), options);
}
