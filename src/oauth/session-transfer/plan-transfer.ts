import { type Context, epochSeconds, isoTime } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import type { GrantedAuthorization } from '../token/authorization.ts';
import { TRANSFER_LIFETIME } from './session-transfer-target.ts';
import { type SessionTransferToken, sessionTransferTokensOf } from './session-transfer-token.store.ts';

/** What goes out in place of an access token, and what must be stored for it. */
export interface TransferPlan {
  readonly token: string;
  /** Writes it; `familyId` is that of the refresh token it was asked for with. */
  readonly save: (familyId: string | undefined) => Promise<void>;
}

/** A session transfer token for what `authorization` says of its user. */
export function planTransfer(ctx: Context, authorization: GrantedAuthorization): TransferPlan {
  const token = randomToken(ctx.random);
  const row = describe(ctx, authorization, token);
  return {
    token,
    save: async (family_id) => {
      await sessionTransferTokensOf(ctx).insert({ ...row, ...(family_id === undefined ? {} : { family_id }) });
    },
  };
}

function describe(
  ctx: Context,
  authorization: GrantedAuthorization,
  token: string,
): Omit<SessionTransferToken, 'family_id'> {
  const { client, user, connection, organization, methods, ip, actor } = authorization;
  const auth_time = authorization.auth_time ?? epochSeconds(ctx.clock);
  return {
    id: hashToken(token),
    client_id: client.client_id,
    user_id: user?.user_id ?? '',
    ...(connection === undefined ? {} : { connection }),
    ...(actor ? { actor } : {}),
    ...(organization ? { organization } : {}),
    methods: methods?.length ? methods : [{ name: 'federated', timestamp: isoTime(auth_time * 1000) }],
    auth_time,
    ip: ip ?? ctx.caller.ip,
    expires_at: ctx.clock.now() + TRANSFER_LIFETIME * 1000,
  };
}
