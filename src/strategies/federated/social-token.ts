import { type Context, fail } from '../../kernel/index.ts';
import { fetchUpstreamJson, type UpstreamClaims, UpstreamTrouble } from '../../platform/upstream/index.ts';
import { type Connection, federatedRules, isFederated } from '../../resources/connections/index.ts';
import type { FederatedArrival } from '../../resources/users/index.ts';
import { profileFrom, subjectOf } from './profile.ts';
import { providerOf } from './provider.ts';

/**
 * Who an access token stands for that an application got from a social provider by itself. Only where the provider tells whom it was
 * issued to: to this connection's client there, or to one of its `allowed_audiences`. A token that any other application was given
 * would let that one sign in to this one.
 *
 * @throws Failure strategy_unsupported where the provider does not tell; UpstreamTrouble
 */
export async function acceptSocialToken(
  ctx: Context,
  connection: Connection,
  accessToken: string,
): Promise<FederatedArrival> {
  const rules = isFederated(connection) ? federatedRules(connection) : undefined;
  const { tokeninfo_endpoint, userinfo_endpoint } = rules?.social ?? {};
  if (!rules || !tokeninfo_endpoint || !userinfo_endpoint) return fail('strategy_unsupported', {});
  const { client_id } = await providerOf(ctx, connection);
  const address = `${tokeninfo_endpoint}?access_token=${encodeURIComponent(accessToken)}`;
  const info = (await fetchUpstreamJson(ctx, address, accessToken)) as UpstreamClaims;
  const audiences = [client_id, ...((connection.options.allowed_audiences as string[] | undefined) ?? [])];
  if (!audiences.includes(info.aud as string))
    throw new UpstreamTrouble('invalid', 'the access token was issued to another application');
  const userinfo = (await fetchUpstreamJson(ctx, userinfo_endpoint, accessToken)) as UpstreamClaims;
  if (info.sub !== userinfo.sub) throw new UpstreamTrouble('invalid', 'the profile is of somebody else');
  const proof = { claims: { sub: userinfo.sub }, userinfo };
  const id = subjectOf(rules, connection.options, proof);
  const profile = profileFrom(rules, connection.options, proof);
  return { connection, id, profile, tokens: { access_token: accessToken } };
}
