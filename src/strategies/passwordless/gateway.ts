import { type Context, epochSeconds, type OutboundRequest } from '../../kernel/index.ts';
import { importSecretSigner, signJwt } from '../../platform/crypto/index.ts';
import { MessageNotSent, type Sender } from '../../platform/messages/index.ts';

export interface GatewayOptions {
  readonly gateway_url?: string;
  readonly gateway_authentication?: {
    readonly subject?: string;
    readonly audience: string;
    readonly secret: string;
    readonly secret_base64_encoded?: boolean;
  } | null;
  readonly forward_req_info?: boolean;
}

const TOKEN_LIFETIME = 300;
const TIMEOUT_MS = 10_000;

/** Posts text messages to the tenant's own gateway, as Auth0 does: recipient, body and sender. Any 2xx answer means taken over. */
export function gatewaySender(ctx: Context, options: GatewayOptions): Sender {
  const { ip, userAgent } = ctx.caller;
  const req = options.forward_req_info ? { req: { ip, 'user-agent': userAgent } } : {};
  return {
    async send({ to, text, from = '' }) {
      const authorization = await authorizationFor(ctx, options);
      const answer = await request(ctx, options, {
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ recipient: to, body: text, sender: from, ...req }),
      });
      if (answer.status < 200 || answer.status >= 300) throw new MessageNotSent(`gateway: HTTP ${answer.status}`);
    },
  };
}

async function request(
  ctx: Context,
  { gateway_url = '' }: GatewayOptions,
  sent: Pick<OutboundRequest, 'headers' | 'body'>,
) {
  try {
    return await ctx.outbound.request({ url: gateway_url, method: 'POST', timeoutMs: TIMEOUT_MS, ...sent });
  } catch (error) {
    throw new MessageNotSent(`gateway: ${error instanceof Error ? error.message : 'no answer'}`, { cause: error });
  }
}

async function authorizationFor(ctx: Context, options: GatewayOptions): Promise<Record<string, string>> {
  const authentication = options.gateway_authentication;
  if (!authentication) return {};
  const { subject, audience, secret, secret_base64_encoded } = authentication;
  const iat = epochSeconds(ctx.clock);
  const claims = { iss: ctx.issuer, sub: subject, aud: audience, iat, exp: iat + TOKEN_LIFETIME };
  const signer = importSecretSigner(Buffer.from(secret, secret_base64_encoded ? 'base64url' : 'utf8'));
  return { authorization: `Bearer ${await signJwt(signer, claims)}` };
}
