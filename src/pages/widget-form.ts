import { html, renderHtml } from './html.ts';

/** A form for auth0.js to submit: it takes the first element of what it is given, and shows nothing of it. `action` is an address of ours. */
export function widgetForm(action: string, fields: Readonly<Record<string, string>>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  );
  return renderHtml(html`<form method="post" name="hiddenform" action="${action}">\n${inputs}</form>`);
}
