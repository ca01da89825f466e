import type { AuditEvent, Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { AuthorizationRequest } from '../../transactions/index.ts';

interface Subject {
  readonly client: StoredClient;
  readonly user?: User | undefined;
  readonly connection?: string | undefined;
  /** Who acts for the user. */
  readonly actor?: Readonly<Record<string, unknown>> | undefined;
  readonly request?: Partial<Pick<AuthorizationRequest, 'prompt' | 'audience' | 'scope' | 'invitation'>>;
  readonly organization?: { readonly id: string; readonly name: string } | undefined;
}

const isSilent = ({ request }: Subject) => request?.prompt?.includes('none') === true;

/** Records that a user logged in to a client: `s`, or `ssa` when nothing was shown; and `si` when they accepted an invitation by it. */
export function auditLogin(ctx: Context, subject: Subject): void {
  const { actor } = subject;
  const type = isSilent(subject) ? (actor ? 'sdelsa' : 'ssa') : actor ? 'sdel' : 's';
  ctx.audit({ type, ...describe(subject) });
  if (subject.request?.invitation !== undefined) ctx.audit({ type: 'si', ...describe(subject) });
}

/** Records that an authorization request was refused: `f`, or `fsa` when nothing was to be shown, or `fi` when it was to accept an invitation. */
export function auditRefusal(ctx: Context, subject: Subject, description: string): void {
  const isInvited = subject.request?.invitation !== undefined;
  const silent = subject.actor ? 'fdelsa' : 'fsa';
  const type = isInvited ? 'fi' : isSilent(subject) ? silent : 'f';
  ctx.audit({ type, description, ...describe(subject) });
}

function describe({ client, user, actor, connection, request, organization }: Subject): Omit<AuditEvent, 'type'> {
  return {
    client_id: client.client_id,
    client_name: client.name,
    ...(actor ? { details: { actor } } : {}),
    ...(request?.audience === undefined ? {} : { audience: request.audience }),
    ...(request?.scope?.length ? { scope: request.scope } : {}),
    ...(connection === undefined ? {} : { connection }),
    ...(organization ? { organization_id: organization.id, organization_name: organization.name } : {}),
    ...(user ? { user_id: user.user_id, user_name: user.email ?? user.username ?? user.name ?? user.user_id } : {}),
  };
}
