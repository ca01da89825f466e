import { type Context, html, type Reply } from '../kernel/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';

/**
 * An operator's page may load and run what it likes: it is the tenant's own (docs/decisions/0035). Nobody may show it in a frame, unless
 * the tenant wants that.
 */
export async function showOperatorPage(ctx: Context, page: string): Promise<Reply> {
  const { flags } = await tenantSettings(ctx);
  const framedBy = flags.disable_clickjack_protection_headers === true ? '*' : "'none'";
  return html(200, page, { 'content-security-policy': `frame-ancestors ${framedBy}` });
}
