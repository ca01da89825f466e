import type { Context, LogType } from '../kernel/index.ts';
import type { Authenticator } from '../resources/authentication-methods/index.ts';
import type { User } from '../resources/users/index.ts';

export interface MfaEvent {
  readonly user: User;
  readonly client_id?: string | undefined;
  readonly authenticator?: Authenticator | undefined;
  readonly method?: string | undefined;
  readonly description?: string | undefined;
}

/** Records what happened to a second factor. */
export function auditMfa(ctx: Context, type: LogType, event: MfaEvent): void {
  const { user, authenticator, method = authenticator?.type } = event;
  ctx.audit({
    type,
    ...(event.description ? { description: event.description } : {}),
    ...(event.client_id ? { client_id: event.client_id } : {}),
    user_id: user.user_id,
    user_name: user.email ?? user.name ?? '',
    details: {
      ...(authenticator
        ? { authenticator: { id: authenticator.id, type: method, phone_number: authenticator.phone_number ?? null } }
        : {}),
    },
  });
}
