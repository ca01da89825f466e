import { Failure } from '../../kernel/index.ts';

/** A serialisation conflict or a deadlock: the transaction did nothing and may be tried again. */
const CONFLICTS = new Set(['40001', '40P01']);
/**
 * SQLSTATE classes and codes of a server that went away or can't serve now: connection exception, insufficient resources, operator
 * intervention (which has statement timeouts), a transaction that idled, a server that only reads.
 */
const UNAVAILABLE = /^(08...|53...|57...|25P03|25006)$/;
const NETWORK =
  /ECONNREFUSED|ECONNRESET|ECONNABORTED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|ENOENT|Connection terminated|timeout exceeded|Query read timeout|not queryable|after calling end on the pool/;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Did the transaction lose against another one, so that it may be tried again? */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has(codeOf(error));
}

/** Is the server gone, or the connection to it? */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (UNAVAILABLE.test(code) || NETWORK.test(code)) return true;
  // Every address of a host was tried in vain.
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return error instanceof Error && NETWORK.test(error.message);
}

/** Was the connection already dead? A statement that took too long is another matter: it may run for as long the next time. */
export function isLost(error: unknown): boolean {
  return isUnavailable(error) && !/^(57014|53...|25...)$/.test(codeOf(error)) && !/timeout/.test(String(error));
}

/** What an error of the server means to the domain; others pass unchanged. */
export function translate(error: unknown): unknown {
  if (!isUnavailable(error) && !isConflict(error)) return error;
  const message = error instanceof Error ? error.message : '';
  return new Failure('temporarily_unavailable', {}, message || codeOf(error));
}
