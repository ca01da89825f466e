import type { PendingRequest } from '../../mfa/index.ts';

/** What a request that waits for a second factor keeps as it is, and goes on with. */
const KEPT = [
  'connection',
  'session_id',
  'organization',
  'authorization_details',
  'auth_time_requested',
  'device',
  'ip',
  'extra',
] as const;

export type KeptRequest = Pick<PendingRequest, (typeof KEPT)[number]>;

/** Those members of `request` that outlast the wait for a second factor. */
export function keptOf(request: KeptRequest): KeptRequest {
  return Object.fromEntries(KEPT.filter((name) => request[name] !== undefined).map((name) => [name, request[name]]));
}
