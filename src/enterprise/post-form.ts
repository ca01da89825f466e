import { type Context, html, type Reply, type SetCookie } from '../kernel/index.ts';
import { contentSecurityPolicy, ONWARDS, renderFormPost } from '../pages/index.ts';
import { randomToken } from '../platform/crypto/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';

/** A page whose form posts itself to `address`, or by its button where there are no scripts (SAML bindings §3.5.4). */
export async function postForm(
  ctx: Context,
  address: string,
  parameters: Readonly<Record<string, string | undefined>>,
  cookies: readonly SetCookie[] = [],
): Promise<Reply> {
  const settings = await tenantSettings(ctx);
  const nonce = randomToken(ctx.random, 16);
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const page = renderFormPost({
    theme: { companyName: settings.friendly_name ?? ctx.tenant.name },
    lang: settings.enabled_locales[0] ?? 'en',
    nonce,
    redirect_uri: address,
    parameters: Object.fromEntries(given),
  });
  const policy = contentSecurityPolicy({ nonce, formAction: [address, ...ONWARDS] });
  return { ...html(200, page, { 'content-security-policy': policy }), cookies };
}
