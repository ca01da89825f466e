import type { Ticket } from '../../resources/tickets/index.ts';

/**
 * Where a ticket leads once it is used: its `result_url` with what came of it, as Auth0 adds it; undefined when it has none. The
 * address goes along unless the ticket's maker did not want it to.
 */
export function withResult(
  { result_url, email, include_email_in_redirect }: Ticket,
  result: { success: boolean; message: string; code?: string },
): string | undefined {
  const url = URL.parse(result_url ?? '');
  if (!url) return undefined;
  url.searchParams.set('success', String(result.success));
  if (result.code !== undefined) url.searchParams.set('code', result.code);
  url.searchParams.set('message', result.message);
  if (email !== undefined && include_email_in_redirect !== false) url.searchParams.set('email', email);
  return url.href;
}
