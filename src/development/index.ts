/**
 * What only a development server has: the outbox of messages, the movable clock, the page at `/_dev` and the key material made at the
 * first start. A production server registers none of it.
 */
import type { Endpoint } from '../kernel/index.ts';
import { clockEndpoints } from './clock.endpoints.ts';
import { messagesEndpoints } from './messages.endpoints.ts';
import { pageEndpoints } from './page.endpoints.ts';
import type { DevelopmentParts } from './parts.ts';

export { developmentSecret, developmentTls } from './files.ts';
export type { DevelopmentParts, PushDesk } from './parts.ts';

/** All endpoints under `/_dev`. */
export function developmentEndpoints(parts: DevelopmentParts): Endpoint[] {
  return [...pageEndpoints(parts), ...messagesEndpoints(parts), ...clockEndpoints(parts)];
}
