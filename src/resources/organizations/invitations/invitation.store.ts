import { type Collection, type Context, collection } from '../../../kernel/index.ts';

/** Somebody who may become a member, once: whoever opens the link and logs in with the invited address. */
export interface Invitation {
  readonly id: string;
  readonly organization_id: string;
  readonly inviter: { readonly name: string };
  readonly invitee: { readonly email: string };
  /** The application that the link leads to. */
  readonly client_id: string;
  /** The only connection that it may be accepted with, if one was named. */
  readonly connection_id?: string;
  readonly app_metadata?: Readonly<Record<string, unknown>>;
  readonly user_metadata?: Readonly<Record<string, unknown>>;
  /** The roles that the member is to have. */
  readonly roles?: readonly string[];
  /** SHA-256 of the ticket. */
  readonly ticket_hash: string;
  /** The ticket is shown to operators again. */
  readonly ticket_sealed: string;
  readonly created_at: string;
  readonly expires_at: string;
  /** ms: `expires_at`. */
  readonly ends_at: number;
}

export const invitationsCollection = collection<Invitation>({
  name: 'organization_invitations',
  key: 'id',
  index: { organization_id: 'text', client_id: 'text', ticket_hash: 'text', created_at: 'text' },
  unique: [['ticket_hash']],
  expires: 'ends_at',
});

export function invitationsOf(ctx: Context): Collection<Invitation> {
  return ctx.store.collection(invitationsCollection);
}

/** Takes back the invitations to an application that is being deleted. */
export async function forgetInvitationsOfClient(ctx: Context, clientId: string): Promise<void> {
  await invitationsOf(ctx).deleteWhere({ client_id: clientId });
}
