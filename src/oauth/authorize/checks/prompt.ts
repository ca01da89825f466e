import { oauthError } from '../../../kernel/index.ts';
import { type Asked, prompts } from '../request/request.ts';

const KNOWN = new Set(['none', 'login', 'consent', 'select_account']);

/** `prompt` holds values that we know, and `none` stands alone (OIDC Core §3.1.2.1). */
export function checkPrompt(_ctx: unknown, { parameters }: Asked): void {
  const values = prompts(parameters);
  const unknown = values.find((value) => !KNOWN.has(value));
  if (unknown !== undefined) throw oauthError(400, 'invalid_request', `Unsupported prompt value: ${unknown}`);
  if (values.includes('none') && values.length > 1)
    throw oauthError(400, 'invalid_request', 'prompt=none cannot be combined with other values');
}
