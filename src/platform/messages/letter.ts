import type { Message } from '../../kernel/index.ts';

/** What a mail says that brings one link, or a code, which stands in the opening. */
export type Letter = {
  readonly subject: string;
  readonly opening: string;
  readonly closing: string;
} & ({ readonly button: string; readonly link: string } | { readonly code: string });

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** A header must be one line, whatever a tenant calls itself. */
export const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ').trim();

/** A mail as text and as HTML. Every member of `letter` is text. */
export function composeLetter(to: string, letter: Letter): Message {
  const { subject, opening, closing } = letter;
  const follow = 'link' in letter ? buttonOf(letter) : '';
  const html = `<!doctype html>
<html lang="en"><body style="margin:0;padding:32px 16px;background:#f4f5f7;font-family:system-ui,sans-serif;color:#1f2430">
<div style="max-width:480px;margin:0 auto;padding:32px;background:#fff;border-radius:8px">
<p style="margin:0 0 24px;line-height:1.5">${escapeHtml(opening)}</p>
${follow}<p style="margin:0;font-size:14px;line-height:1.5;color:#5a6072">${escapeHtml(closing)}</p>
</div></body></html>`;
  const paragraphs = [opening, ...('link' in letter ? [`${letter.button}: ${letter.link}`] : []), closing];
  const brought = 'link' in letter ? { link: letter.link } : { code: letter.code };
  return { channel: 'email', to, subject: oneLine(subject), text: `${paragraphs.join('\n\n')}\n`, html, ...brought };
}

function buttonOf({ button, link }: { readonly button: string; readonly link: string }): string {
  return `<p style="margin:0 0 24px"><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#3451d1;color:#fff;text-decoration:none">${escapeHtml(button)}</a></p>
`;
}
