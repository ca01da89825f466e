import type { FrontChannelToken } from '../../token/index.ts';
import { splitScope } from '../../vocabulary.ts';

interface Asking {
  readonly response_type?: string | undefined;
}

const OVER_BROWSER: readonly FrontChannelToken[] = ['token', 'id_token'];

/** The values of `response_type`; their order means nothing (OAuth 2.0 Multiple Response Types §2). */
export function responseTypes({ response_type }: Asking): readonly string[] {
  return splitScope(response_type ?? '');
}

/** The tokens that are asked for over the browser. */
export function tokensOverBrowser(asking: Asking): readonly FrontChannelToken[] {
  const types = responseTypes(asking);
  return OVER_BROWSER.filter((token) => types.includes(token));
}

/** Is a code asked for, alone or with tokens? */
export function asksForCode(asking: Asking): boolean {
  return responseTypes(asking).includes('code');
}

/** The flow that decides what may be asked for: what goes with a code may be had by it, a refresh token included. */
export function flowOf(asking: Asking): 'authorization_code' | 'implicit' {
  return asksForCode(asking) ? 'authorization_code' : 'implicit';
}
