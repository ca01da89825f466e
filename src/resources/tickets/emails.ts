import type { Message } from '../../kernel/index.ts';

/** What a mail about an account says. */
interface Letter {
  readonly subject: string;
  readonly opening: string;
  readonly button: string;
  readonly link: string;
  readonly closing: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

/** A header must be one line, whatever a tenant calls itself. */
const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ').trim();

function compose(to: string, letter: Letter): Message {
  const { subject, opening, button, link, closing } = letter;
  const html = `<!doctype html>
<html lang="en"><body style="margin:0;padding:32px 16px;background:#f4f5f7;font-family:system-ui,sans-serif;color:#1f2430">
<div style="max-width:480px;margin:0 auto;padding:32px;background:#fff;border-radius:8px">
<p style="margin:0 0 24px;line-height:1.5">${escapeHtml(opening)}</p>
<p style="margin:0 0 24px"><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#3451d1;color:#fff;text-decoration:none">${escapeHtml(button)}</a></p>
<p style="margin:0;font-size:14px;line-height:1.5;color:#5a6072">${escapeHtml(closing)}</p>
</div></body></html>`;
  const text = `${opening}\n\n${button}: ${link}\n\n${closing}\n`;
  return { channel: 'email', to, subject: oneLine(subject), text, html, link };
}

/** The mail that brings a link for a new password. `days`: for how long it works. */
export function passwordResetEmail(to: string, link: string, service: string, days: number): Message {
  return compose(to, {
    subject: `Choose a new password for ${service}`,
    opening: `Somebody asked for a new password for your account at ${service}. Follow the link to choose one.`,
    button: 'Choose a new password',
    link,
    closing: `The link works once, for ${days} days. If you did not ask for it, ignore this message: your password stays as it is.`,
  });
}

/** The mail that brings a link which proves that somebody reads mail at this address. */
export function verificationEmail(to: string, link: string, service: string, days: number): Message {
  return compose(to, {
    subject: `Confirm your e-mail address for ${service}`,
    opening: `This address was given for an account at ${service}. Follow the link to confirm that it is yours.`,
    button: 'Confirm my address',
    link,
    closing: `The link works for ${days} days. If you have no account at ${service}, ignore this message.`,
  });
}

/** The mail that invites somebody to an organization. `days`: for how long the link works. */
export function invitationEmail(
  to: string,
  link: string,
  names: { readonly inviter: string; readonly organization: string; readonly service: string },
  days: number,
): Message {
  const { inviter, organization, service } = names;
  return compose(to, {
    subject: `${inviter} invites you to ${organization}`,
    opening: `${inviter} invites you to join ${organization} on ${service}. Follow the link to accept.`,
    button: 'Accept the invitation',
    link,
    closing: `The link works once, for ${days} ${days === 1 ? 'day' : 'days'}. If you do not want to join, ignore this message.`,
  });
}
