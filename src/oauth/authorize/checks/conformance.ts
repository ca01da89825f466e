import { oauthError } from '../../../kernel/index.ts';
import { complianceOf } from '../../compliance.ts';
import type { Asked } from '../request/request.ts';

/** Auth0: a client that keeps a compliance level is set to be OIDC conformant. */
export function checkConformance(_ctx: unknown, { client }: Asked): void {
  if (!complianceOf(client)?.oidcConformant || client.oidc_conformant === true) return;
  throw oauthError(
    400,
    'unauthorized_client',
    'The client must be OIDC conformant for the configured compliance level',
  );
}
