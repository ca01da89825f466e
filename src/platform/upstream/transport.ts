import type { CustomFetch } from 'openid-client';
import type { Context, Outbound } from '../../kernel/index.ts';
import type { Provider } from './provider.ts';
import { UpstreamTrouble } from './trouble.ts';

/** Tokens and key sets are small; whoever sends more is not answered with memory. */
const MOST_BYTES = 256 * 1024;
/** What a server says to a token that it does not take (RFC 6750 §3.1). */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403]);
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** How openid-client reaches `provider`: through the guarded client, and no other way. */
export function transportTo(outbound: Outbound, provider: Provider): CustomFetch {
  return async (url, options) => {
    const answer = await outbound.request({
      url,
      method: options.method,
      headers: { ...options.headers, ...(options.method === 'POST' ? provider.headers : {}) },
      ...(options.body === undefined || options.body === null ? {} : { body: String(options.body) }),
      maxBytes: MOST_BYTES,
    });
    const body = WITHOUT_BODY.has(answer.status) ? null : bodyOf(answer.text(), provider);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  };
}

/** Nothing says who would have to have signed the ID token of a plain OAuth 2.0 server: it is not even looked at. */
function bodyOf(text: string, { protocol }: Provider): string {
  if (protocol === 'oidc' || !text.includes('id_token')) return text;
  try {
    const { id_token, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}

/** JSON at `url`, asked for with `headers`. Throws UpstreamTrouble for anything but a 200 with an object or a list. */
export async function requestJson(
  ctx: Pick<Context, 'outbound'>,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  if (!url.startsWith('https://')) throw new UpstreamTrouble('invalid', 'only requests to HTTPS are allowed');
  let answer: Awaited<ReturnType<Outbound['request']>>;
  try {
    answer = await ctx.outbound.request({
      url,
      headers: { accept: 'application/json', ...headers },
      maxBytes: MOST_BYTES,
    });
  } catch (cause) {
    throw new UpstreamTrouble('unreachable', 'the identity provider could not be reached', { cause });
  }
  if (answer.status !== 200) {
    const kind = REFUSALS.has(answer.status) ? 'refused' : 'unreachable';
    throw new UpstreamTrouble(kind, `the identity provider answered with status ${answer.status}`);
  }
  try {
    const value: unknown = answer.json();
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new UpstreamTrouble('invalid', 'the identity provider did not answer with JSON');
}
