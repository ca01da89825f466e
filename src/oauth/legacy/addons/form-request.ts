import { type Context, fail, type OutboundResponse, oauthError } from '../../../kernel/index.ts';
import { OutboundFailed, OutboundRefused } from '../../../platform/outbound/index.ts';

const MAX_ANSWER_BYTES = 64 * 1024;
const LONGEST_REASON = 300;

export interface FormRequest {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks the service of `addon` for a token with a form. What it says when it refuses is in the log, not in the answer.
 *
 * @throws WireError 403 access_denied where it refuses; Failure temporarily_unavailable where it does not answer
 */
export async function sendForm(ctx: Context, addon: string, request: FormRequest): Promise<OutboundResponse> {
  const answer = await ctx.outbound
    .request({
      url: request.url,
      method: 'POST',
      headers: { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(request.form).toString(),
      maxBytes: MAX_ANSWER_BYTES,
    })
    .catch((error: unknown) => {
      if (error instanceof OutboundFailed) return fail('temporarily_unavailable', {}, error.message);
      if (error instanceof OutboundRefused) throw refusal(addon, error.message);
      throw error;
    });
  if (answer.status >= 500) return fail('temporarily_unavailable', {}, `${addon} answered ${answer.status}`);
  if (answer.status !== 200) throw refusal(addon, `${answer.status} ${answer.text().slice(0, LONGEST_REASON)}`);
  return answer;
}

/** The JSON object in an answer of `sendForm`. WireError 403 where it is none. */
export function readJson(addon: string, answer: OutboundResponse): Readonly<Record<string, unknown>> {
  try {
    const value = answer.json();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw refusal(addon, 'the answer is no JSON object');
}

/** The refusal of the service of `addon`. */
export function refusal(addon: string, detail: string) {
  return oauthError(403, 'access_denied', `The service of the add-on ${addon} refused the request`, { detail });
}
