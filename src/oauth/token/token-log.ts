import { type AuditEvent, type Context, Failure, type LogType, WireError } from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { Authorization, ForeignAnswer, GrantedAuthorization } from './authorization.ts';
import { GrantRefusal } from './grant-refusal.ts';

/** As much of a token request as is known when it is logged. */
export interface Progress {
  client?: StoredClient;
  authorization?: Authorization | ForeignAnswer;
}

/** Answers that are part of a flow that goes on; whatever is worth a row has written its own. */
const GOES_ON: ReadonlySet<unknown> = new Set(['mfa_required', 'authorization_pending', 'slow_down', 'use_dpop_nonce']);
const LONGEST_ID = 200;
const LONGEST_DESCRIPTION = 1000;

/** The log row of tokens that were issued. */
export function successEvent(type: LogType, authorization: GrantedAuthorization, scope: string): AuditEvent {
  const described = describe({ client: authorization.client, authorization });
  return { type: authorization.success ?? type, ...described, ...(scope ? { scope } : {}) };
}

/** The log row of an answer whose tokens were not made here. */
export function foreignEvent(type: LogType, answer: ForeignAnswer): AuditEvent {
  const { client, details, organization_id } = answer;
  return {
    type,
    ...describe({ client, authorization: answer }),
    ...(organization_id === undefined ? {} : { organization_id }),
    ...(details ? { details } : {}),
  };
}

/** The log row of a refusal; undefined where there is nothing to say. */
export function failureEvent(
  type: LogType,
  progress: Progress,
  claimed: unknown,
  error: unknown,
): AuditEvent | undefined {
  const wire = error instanceof Failure ? presentFailure('oauth', error) : error;
  if (!(wire instanceof WireError) || GOES_ON.has(wire.body.error) || wire.status >= 500) return undefined;
  const claimedId = typeof claimed === 'string' ? { client_id: claimed.slice(0, LONGEST_ID) } : {};
  return {
    type,
    description: String(wire.body.error_description ?? '').slice(0, LONGEST_DESCRIPTION),
    ...claimedId,
    ...describe(progress),
    ...(wire instanceof GrantRefusal ? wire.log : {}),
  };
}

function describe({ client, authorization }: Progress): Omit<AuditEvent, 'type'> {
  const user = authorization?.user;
  return {
    ...(client ? { client_id: client.client_id, client_name: client.name } : {}),
    ...(user ? { user_id: user.user_id, user_name: user.email ?? user.username ?? user.name ?? '' } : {}),
    ...(authorization?.connection ? { connection: authorization.connection } : {}),
    ...(authorization && 'target' in authorization ? ofTheTarget(authorization) : {}),
  };
}

function ofTheTarget({ target, ip, organization, actor }: Authorization): Omit<AuditEvent, 'type'> {
  return {
    audience: target.identifier,
    ...(ip ? { ip } : {}),
    ...(actor ? { details: { actor } } : {}),
    ...(organization ? { organization_id: organization.id } : {}),
    ...(organization?.name === undefined ? {} : { organization_name: organization.name }),
  };
}

/** Carries out what a refusal entails, then records it. */
export async function settleRefusal(ctx: Context, event: AuditEvent | undefined, error: unknown): Promise<void> {
  if (error instanceof GrantRefusal) await error.consequence?.();
  if (event) ctx.audit(event);
}
