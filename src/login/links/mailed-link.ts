import { type Endpoint, endpoint, optionalText, redirect, Type } from '../../kernel/index.ts';

/** What the endpoints of mailed links have in common. */
export const LINK = { tag: 'universal login', surface: 'page' } as const;

/** The query of a link, and of the page that it opens. */
export const ticketQuery = Type.Object({
  ticket: optionalText('The ticket of the link.'),
});

/** The address of `page` for `ticket`. */
export function ticketPath(page: string, ticket: string): string {
  return `${page}?ticket=${encodeURIComponent(ticket)}`;
}

/** Declares the link that stands in a mail: it leads on to `page`, so that nothing happens yet when a scanner of mails opens it. */
export function mailedLink(declared: { path: string; name: string; summary: string; page: string }): Endpoint {
  const { page, ...about } = declared;
  return endpoint({
    ...LINK,
    ...about,
    method: 'GET',
    query: ticketQuery,
    replies: { 302: 'To the page.' },
    handle: async (_ctx, { query }) => redirect(ticketPath(page, query.ticket ?? '')),
  });
}
