import { oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request/request.ts';

/** `max_age` is a whole number of seconds. */
export function checkMaxAge(_ctx: unknown, { parameters: { max_age } }: Asked): void {
  if (max_age === undefined || /^\d{1,10}$/.test(max_age)) return;
  throw oauthError(400, 'invalid_request', 'Invalid value for max_age: a whole number of seconds is expected');
}
