import type { Session } from '../../resources/sessions/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';

/** When the user of `session` proved who they are (seconds), and whether the request makes the ID token say so. */
export function loginTime(
  { max_age, prompt }: Pick<AuthorizationRequest, 'max_age' | 'prompt'>,
  { authenticated_at }: Session,
): { auth_time: number; auth_time_requested: boolean } {
  return {
    auth_time: Math.floor(Date.parse(authenticated_at) / 1000),
    auth_time_requested: max_age !== undefined || prompt.includes('login'),
  };
}
