import type { Context } from '../../kernel/index.ts';
import { federatedCredentials } from '../../resources/connections/index.ts';
import { type FederatedArrival, isEmail, type User } from '../../resources/users/index.ts';
import { askProvider } from './ask-provider.ts';
import { type NativeArtifact, NativeLoginRefused, requireId, textsOf } from './native-artifact.ts';

/** Where an application asks what a token is. */
const INSPECTION = 'https://graph.facebook.com/debug_token';

const PROFILE = { name: 'name', given_name: 'first_name', family_name: 'last_name' };

/**
 * Facebook's session info token: looked at with Facebook, in the name of the connection's application. It says who somebody is and no more;
 * the profile is what the application says, so that an address in it counts as unverified (Auth0).
 */
export async function proveFacebookSession(ctx: Context, artifact: NativeArtifact): Promise<FederatedArrival> {
  const { connection, profile } = artifact;
  const { user_id } = await inspect(ctx, artifact);
  return { connection, id: requireId(user_id), profile: { ...textsOf(profile, PROFILE), ...emailOf(profile) } };
}

async function inspect(ctx: Context, { connection, token }: NativeArtifact) {
  const { client_id, client_secret } = federatedCredentials(ctx, connection);
  if (!client_id || !client_secret) throw new NativeLoginRefused('the connection lacks client_id or client_secret');
  const url = new URL(INSPECTION);
  url.searchParams.set('input_token', token);
  url.searchParams.set('access_token', `${client_id}|${client_secret}`);
  const { data } = await askProvider(ctx, { url: url.href, headers: { accept: 'application/json' } });
  const said = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  if (said.is_valid !== true) throw new NativeLoginRefused('Facebook says that the token is not valid');
  // A token that somebody gave to another application must not bring them in here.
  if (String(said.app_id) !== client_id) throw new NativeLoginRefused('the token is of another application');
  const { expires_at } = said;
  if (typeof expires_at === 'number' && expires_at !== 0 && expires_at * 1000 <= ctx.clock.now())
    throw new NativeLoginRefused('the token has expired');
  return said;
}

function emailOf({ email }: NativeArtifact['profile']): Partial<User> {
  if (typeof email !== 'string' || !isEmail(email.trim())) return {};
  return { email: email.trim().toLowerCase(), email_verified: false };
}
