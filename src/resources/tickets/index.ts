/**
 * Tickets: links that prove who opens them, once and for a while. They lead to the pages for a new password and for verifying an
 * address. Here they are made, stored (hashed), handed over for mailing and taken; what a taken ticket changes is `strategies/auth0`, the pages are
 * `login/`.
 */

export { invitationEmail } from './emails.ts';
export { forgetTicketsOf, type Ticket, ticketsCollection, ticketsOf } from './ticket.store.ts';
export {
  type Addressed,
  issueTicket,
  mailTicket,
  peekTicket,
  type TicketRequest,
  takeTicket,
  ticketLink,
} from './tickets.ts';
