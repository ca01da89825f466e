import { oauthError } from '../../../kernel/index.ts';
import { OFFLINE_ACCESS, ONLINE_ACCESS, splitScope } from '../../vocabulary.ts';
import type { Asked } from '../request/request.ts';

/** RFC 6749 §3.3 */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** `scope` holds well-formed words that go together. */
export function checkScope(_ctx: unknown, { parameters }: Asked): void {
  const scopes = splitScope(parameters.scope ?? '');
  if (scopes.some((scope) => !SCOPE_TOKEN.test(scope)))
    throw oauthError(400, 'invalid_scope', 'Scope contains characters that are not allowed');
  if (scopes.includes(ONLINE_ACCESS) && scopes.includes(OFFLINE_ACCESS))
    throw oauthError(400, 'invalid_request', 'Cannot request both online_access and offline_access scopes');
}
