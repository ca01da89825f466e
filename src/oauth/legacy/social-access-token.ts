import { type Context, fail } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { findConnectionByName, isEnabledFor } from '../../resources/connections/index.ts';
import { grant } from '../token/grant.ts';
import { LEGACY_GRANT } from '../vocabulary.ts';
import { required, requireNonConformant } from './legacy-client.ts';

/**
 * Before OpenID Connect: the access token of a social provider, for tokens of the user it stands for. Whether such a token was issued
 * to this application, only the provider can say, each in its own way: no strategy of this version asks one.
 */
export const socialAccessToken = grant({
  type: LEGACY_GRANT.socialAccessToken,
  summary: "A social provider's access token, for tokens of its user.",
  rules: [
    'No connection of this version can ask a provider whom its token was issued to; every one is refused with ' +
      '`specified strategy does not support requested operation`.',
    'Only for clients that are not OIDC conformant.',
  ],
  tests: ['src/oauth/legacy/social-access-token.http.test.ts'],
  params: { access_token: 'optional', connection: 'optional' },
  log: { success: 's', failure: 'f' },
  async handle(ctx, { client, params }) {
    requireNonConformant(client, '/oauth/access_token');
    required(params.access_token, 'access_token');
    await requireConnection(ctx, client, required(params.connection, 'connection'));
    return fail('strategy_unsupported', {});
  },
});

async function requireConnection(ctx: Context, client: StoredClient, name: string): Promise<void> {
  const found = await findConnectionByName(ctx, name);
  if (!found) fail('connection_not_found', {});
  if (!isEnabledFor(found, client.client_id)) fail('connection_disabled', {});
}
