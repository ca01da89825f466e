import { escapeHtml } from './html.ts';

/**
 * Fills in a page that the tenant's operator wrote: `{{ name }}` (Liquid's output tag, perhaps with `| escape`) becomes the value called
 * `name`, always escaped once, or nothing when there is none. All else stays as it is: Liquid's other tags and filters are not known here.
 */
export function fillOperatorPage(page: string, values: Readonly<Record<string, string | undefined>>): string {
  return page.replace(/\{\{-?\s*([a-z_]+)\s*(?:\|\s*escape\s*)?-?\}\}/g, (_tag, name: string) =>
    escapeHtml((Object.hasOwn(values, name) ? values[name] : undefined) ?? ''),
  );
}

/**
 * The policy under which such a page is shown: it may look as it likes, with styles of its own, but it runs no scripts and sends no
 * forms. It stands on the host that has the login's cookies, and what it shows comes from whoever made the request.
 */
export const operatorPagePolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline' https:",
  'img-src https: data:',
  'font-src https: data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
