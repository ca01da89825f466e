import {
  type Context,
  closed,
  fail,
  json,
  managementError,
  managementWrite,
  oneOf,
  optionalText,
  type Static,
  Type,
} from '../../kernel/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { isEmail, lockUser, requireUser, type User } from '../users/index.ts';
import { guardianSettings } from './guardian.store.ts';
import { enrollmentInvitation } from './invitation.ts';
import { createEnrollmentTicket, type TicketTerms, withdrawEnrollmentTicket } from './tickets.ts';

const FACTORS = ['push-notification', 'phone', 'email', 'otp', 'webauthn-roaming', 'webauthn-platform'] as const;

const TicketRequest = closed({
  user_id: Type.String({ description: 'user_id for the enrollment ticket' }),
  email: Type.Optional(
    Type.String({
      description:
        "alternate email to which the enrollment email will be sent. Optional - by default, the email will be sent to the user's default address",
      format: 'email',
    }),
  ),
  send_mail: Type.Optional(Type.Boolean({ description: 'Send an email to the user to start the enrollment' })),
  email_locale: optionalText('Optional. Specify the locale of the enrollment email. Used with send_email.'),
  factor: Type.Optional(oneOf(FACTORS, { description: 'Optional. Specifies which factor the user must enroll with.' })),
  allow_multiple_enrollments: Type.Optional(
    Type.Boolean({
      description: 'Optional. Allows a user who has previously enrolled in MFA to enroll with additional factors.',
    }),
  ),
});

type Body = Static<typeof TicketRequest>;

const SETTING = { 'push-notification': 'push-notification', phone: 'sms', otp: 'otp' } as const;

/** A ticket for something that nobody can enrol in would lead nowhere. */
async function requireEnrollable(ctx: Context, factor: Body['factor']): Promise<TicketTerms['factor']> {
  if (factor === undefined) return undefined;
  if (factor !== 'phone' && factor !== 'otp' && factor !== 'push-notification') {
    throw managementError(400, `Users cannot enroll in ${factor} through a ticket.`, 'operation_not_supported');
  }
  if (!(await guardianSettings(ctx)).factors[SETTING[factor]]) fail('factor_disabled', { factor });
  return factor;
}

function recipientOf(user: User, body: Body): string | undefined {
  if (!body.send_mail) return undefined;
  const to = body.email ?? user.email;
  if (to && isEmail(to)) return to;
  throw managementError(400, 'The user has no email address to send the ticket to.', 'invalid_body');
}

async function invite(ctx: Context, to: string, link: string, body: Body): Promise<void> {
  const tenant = (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
  try {
    await ctx.messenger.deliver(enrollmentInvitation(to, { tenant, link, locale: body.email_locale }));
  } catch (error) {
    const detail = error instanceof Error && 'detail' in error ? String(error.detail) : String(error);
    ctx.audit({ type: 'gd_send_email_failure', user_id: body.user_id, description: 'The message could not be sent' });
    fail('message_not_sent', { channel: 'email' }, detail);
  }
  ctx.audit({ type: 'gd_send_email', user_id: body.user_id });
}

async function createTicket(ctx: Context, body: Body) {
  const user = await requireUser(ctx, body.user_id);
  const factor = await requireEnrollable(ctx, body.factor);
  const to = recipientOf(user, body);
  const terms = { user_id: user.user_id, allow_multiple_enrollments: body.allow_multiple_enrollments ?? false };
  const ticket = await ctx.store.transaction(async () => {
    // Deleted this moment, the user leaves no ticket behind.
    await lockUser(ctx, user.user_id);
    await requireUser(ctx, user.user_id);
    return createEnrollmentTicket(ctx, factor ? { ...terms, factor } : terms);
  });
  const link = `${ctx.issuer}mfa/enrollment?ticket=${ticket}`;
  if (to !== undefined) {
    try {
      await invite(ctx, to, link, body);
    } catch (error) {
      await withdrawEnrollmentTicket(ctx, ticket);
      throw error;
    }
  }
  return json(200, { ticket_id: ticket, ticket_url: link });
}

export const ticketEndpoints = [
  managementWrite({
    method: 'POST',
    path: '/api/v2/guardian/enrollments/ticket',
    apart: true,
    name: 'createGuardianEnrollmentTicket',
    summary: 'Create a Multi-factor Authentication Enrollment Ticket',
    tag: 'guardian',
    scopes: ['create:guardian_enrollment_tickets'],
    body: TicketRequest,
    replies: {
      200: Type.Object({
        ticket_id: Type.String({ description: 'The ticket_id used to identify the enrollment' }),
        ticket_url: Type.String({ description: 'The url you can use to start enrollment' }),
      }),
      404: 'User not found.',
    },
    handle: (ctx, { body }) => createTicket(ctx, body),
  }),
];
