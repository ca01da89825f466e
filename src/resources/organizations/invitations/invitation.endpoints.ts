import {
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  fieldSelection,
  json,
  listPage,
  managementError,
  managementWrite,
  paging,
  type Slice,
  selectFields,
  shapes,
  sorting,
  Type,
} from '../../../kernel/index.ts';
import { organizationParam } from '../organization-param.ts';
import { requireOrganization } from '../organizations.ts';
import { type Invitation, invitationsOf } from './invitation.store.ts';
import { createInvitation, type InvitationBody, invitationUrl, ticketOf } from './invitations.ts';

const { answer, body, flag, integer, list, openRecord, record, text } = shapes;

const path = '/api/v2/organizations/:id/invitations';
const about = { tag: 'organizations', surface: 'management' } as const;
const params = Type.Object({
  ...organizationParam,
  invitation_id: Type.String({ description: 'ID of the invitation.' }),
});

const FIELDS = (
  'app_metadata user_metadata client_id connection_id created_at expires_at id invitation_url invitee inviter ' +
  'organization_id roles ticket_id'
).split(' ');

const members = {
  inviter: record({ name: text('Name.', { minLength: 1, maxLength: 300 }) }, 'Who invites.', { required: ['name'] }),
  invitee: record({ email: text('Address.', { format: 'email' }) }, 'Who is invited.', { required: ['email'] }),
  client_id: text('The application that the invitation leads to.', { format: 'client-id' }),
  connection_id: text('The connection that it must be accepted with.', { format: 'connection-id' }),
  app_metadata: openRecord({}, 'app_metadata of the member.'),
  user_metadata: openRecord({}, 'user_metadata of the member.'),
  roles: list(text('A role.', { format: 'role-id' }), 'Roles of the member.', { minItems: 1 }),
};

const createBody = body<InvitationBody>(
  {
    ...members,
    ttl_sec: integer('Seconds that it can be accepted; a week by default.', { minimum: 0, maximum: 2592000 }),
    send_invitation_email: flag('Whether to mail it.'),
  },
  { required: ['inviter', 'invitee', 'client_id'] },
);

const shape = answer({
  id: text('ID of the invitation.'),
  organization_id: text('ID of the organization.'),
  ...members,
  invitation_url: text('The link that is mailed.'),
  ticket_id: text('What the link holds.'),
  created_at: text('When it was made.'),
  expires_at: text('Until when it can be accepted.'),
});

async function present(ctx: Context, invitation: Invitation): Promise<Readonly<Record<string, unknown>>> {
  const { ticket_hash, ticket_sealed, ends_at, ...shown } = invitation;
  return { ...shown, invitation_url: await invitationUrl(ctx, invitation), ticket_id: ticketOf(ctx, invitation) };
}

async function requireInvitation(ctx: Context, organizationId: string, id: string): Promise<Invitation> {
  await requireOrganization(ctx, organizationId);
  const invitation = await invitationsOf(ctx).get(id);
  if (invitation?.organization_id === organizationId) return invitation;
  throw managementError(404, 'The invitation does not exist.', 'inexistent_invitation');
}

function sourceOf(ctx: Context, organization_id: string, sort: string | undefined) {
  const order = { orderBy: 'created_at', descending: sort !== 'created_at:1' } as const;
  return {
    keyOf: ({ id }: Invitation) => id,
    count: () => invitationsOf(ctx).count({ organization_id }),
    select: ({ offset, limit }: Slice) =>
      invitationsOf(ctx).list({
        where: { organization_id },
        ...order,
        ...(offset === undefined ? {} : { offset }),
        ...(limit === undefined ? {} : { limit }),
      }),
  };
}

const listInvitations = endpoint({
  ...about,
  method: 'GET',
  path,
  name: 'listOrganizationInvitations',
  summary: 'Get the invitations to an organization',
  scopes: ['read:organization_invitations'],
  params: Type.Object(organizationParam),
  query: closed({ ...paging, ...fieldSelection(FIELDS), ...sorting(['created_at']) }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or inside an object.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    await requireOrganization(ctx, id);
    const { documents, envelope, headers } = await listPage(sourceOf(ctx, id, query.sort), query, url, 50);
    const shown = await Promise.all(
      documents.map(async (one) => selectFields(await present(ctx, one), query.fields, query.include_fields)),
    );
    if (!envelope) return json(200, shown, headers);
    // Auth0 counts everything but invitations, and calls their number the limit.
    const { total: _total, ...rest } = envelope;
    return json(200, { ...rest, limit: shown.length, invitations: shown }, headers);
  },
});

const create = managementWrite({
  ...about,
  method: 'POST',
  path,
  name: 'createOrganizationInvitation',
  summary: 'Invite somebody to an organization',
  scopes: ['create:organization_invitations'],
  params: Type.Object(organizationParam),
  body: createBody,
  replies: { 201: shape },
  async handle(ctx, { params: { id }, body: sent }) {
    const organization = await requireOrganization(ctx, id);
    return json(201, await present(ctx, await createInvitation(ctx, organization, sent)));
  },
});

const get = endpoint({
  ...about,
  method: 'GET',
  path: `${path}/:invitation_id`,
  name: 'getOrganizationInvitation',
  summary: 'Get an invitation to an organization',
  scopes: ['read:organization_invitations'],
  params,
  query: closed(fieldSelection(FIELDS)),
  replies: { 200: shape, 404: 'There is no such invitation.' },
  async handle(ctx, { params: { id, invitation_id }, query }) {
    const invitation = await requireInvitation(ctx, id, invitation_id);
    return json(200, selectFields(await present(ctx, invitation), query.fields, query.include_fields));
  },
});

const remove = managementWrite({
  ...about,
  method: 'DELETE',
  path: `${path}/:invitation_id`,
  name: 'deleteOrganizationInvitation',
  summary: 'Take back an invitation to an organization',
  scopes: ['delete:organization_invitations'],
  params,
  replies: { 204: 'It cannot be accepted.' },
  async handle(ctx, { params: { id, invitation_id } }) {
    const invitation = await requireInvitation(ctx, id, invitation_id);
    await invitationsOf(ctx).delete(invitation.id);
    return empty(204);
  },
});

/** `/api/v2/organizations/{id}/invitations`. */
export const invitationEndpoints: Endpoint[] = [listInvitations, create, get, remove];
