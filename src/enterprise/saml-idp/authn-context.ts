import { SAML20 } from '../../assertions/index.ts';
import type { Context } from '../../kernel/index.ts';
import { childrenOf, firstChildOf, type XmlElement } from '../../platform/xml/index.ts';
import type { Session } from '../../resources/sessions/index.ts';
import { PROTOCOL } from './saml.ts';

const classes = 'urn:oasis:names:tc:SAML:2.0:ac:classes:';
/** Auth0's default: nothing is said of how the user has logged in. */
export const UNSPECIFIED_CONTEXT = `${classes}unspecified`;

type Truth = (ctx: Context, session: Session) => boolean;
const byPassword: Truth = (_ctx, { methods }) => methods.some(({ name }) => name === 'pwd');

/** What may be said of a login, where it is true (SAML authentication context §3.4; REFEDS MFA profile). */
const TRUTHS: Readonly<Record<string, Truth>> = {
  [`${classes}Password`]: byPassword,
  [`${classes}PasswordProtectedTransport`]: (ctx, session) =>
    ctx.issuer.startsWith('https:') && byPassword(ctx, session),
  'https://refeds.org/profile/mfa': (_ctx, { methods }) => methods.some(({ name }) => name === 'mfa'),
};

/** The classes that a request asks for, most wanted first, in words; those that are better or worse than some are not. */
export function requestedContexts(root: XmlElement): string | undefined {
  const asked = firstChildOf(root, PROTOCOL, 'RequestedAuthnContext');
  if (!['exact', 'minimum'].includes(asked?.attributes.Comparison ?? 'exact')) return undefined;
  const names = childrenOf(asked, SAML20, 'AuthnContextClassRef').map(({ text }) => text.trim());
  return names.filter((name) => Object.hasOwn(TRUTHS, name)).join(' ') || undefined;
}

/** The first of `requested` that is true of the session; without one, nothing is said. */
export function trueContext(ctx: Context, session: Session, requested: string | undefined): string {
  return (requested ?? '').split(' ').find((name) => TRUTHS[name]?.(ctx, session)) ?? UNSPECIFIED_CONTEXT;
}
