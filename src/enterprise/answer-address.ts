import { oauthError } from '../kernel/index.ts';
import { isStrictThirdParty, matchRegisteredUrl, type StoredClient } from '../resources/clients/index.ts';
import { presetAddresses } from './presets/index.ts';

/**
 * Where the answer is posted to: the address that the request names, if it is among the client's callbacks or those of the service that it
 * is; without one, the first of these. WireError (page) as at `/authorize`.
 */
export function answerAddress(client: StoredClient, asked: string | undefined): string {
  const extra = { client_id: client.client_id };
  // Which organization a name in the host would be for is not said in these requests.
  const named = [...presetAddresses(client), ...(client.callbacks ?? [])];
  const allowed = named.filter((url) => !url.includes('{organization_name}'));
  const exact = allowed.filter((url) => !url.includes('*'));
  if (asked === undefined) {
    const first = exact.find(isPostable);
    if (first) return first;
    throw oauthError(400, 'invalid_request', 'The client has no callback URL to send the response to', { extra });
  }
  const callbacks = isStrictThirdParty(client) ? exact : allowed;
  if (isPostable(asked) && matchRegisteredUrl(callbacks, asked)) return asked;
  const text = `Callback URL mismatch. ${asked} is not in the list of allowed callback URLs`;
  throw oauthError(403, 'unauthorized_client', text, { extra });
}

const isPostable = (url: string) => /^https?:\/\//i.test(url);
