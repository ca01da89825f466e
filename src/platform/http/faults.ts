import { asProblem, Failure, type Logger, managementError, type Surface, type WireError } from '../../kernel/index.ts';
import { unreadable } from './body.ts';
import { presentFailure, speaksManagement, speaksProblems } from './errors/index.ts';

/** What the HTTP library refused before an endpoint saw the request, or what escaped one, in the dialect of `surface`. */
export function presentFault(error: Error & { statusCode?: number }, surface: Surface, log: Logger): WireError {
  if (error instanceof Failure) return presentFailure(surface, error);
  const status = error.statusCode ?? 500;
  if (status === 413) return unreadable(surface, 413, 'Payload content length greater than maximum allowed');
  if (status === 415) return unreadable(surface, 415, 'Unsupported Media Type');
  if (status >= 400 && status < 500) return unreadable(surface, 400, 'Bad Request');
  log.error({ err: error }, 'request failed');
  if (speaksManagement(surface)) return managementError(500, 'An unexpected error occurred');
  return speaksProblems(surface) ? asProblem(internalError()) : internalError();
}

function internalError(): WireError {
  return managementError(500, 'An unexpected error occurred', 'server_error');
}
