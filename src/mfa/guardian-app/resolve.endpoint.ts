import { anything, type Context, empty, endpoint, type Reply, Type } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { authenticatorsOf } from '../../resources/authentication-methods/index.ts';
import { challengesOf } from '../challenge.store.ts';
import { answerPush } from './answer-push.ts';
import type { Body } from './device.ts';
import { readDeviceJwt } from './device-proof.ts';
import { invalidDeviceBody, invalidDeviceToken, loginTransactionGone } from './errors.ts';

async function resolve(ctx: Context, body: Body, header: string | undefined): Promise<Reply> {
  const token = /^bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
  if (!token) throw invalidDeviceToken('no bearer token');
  const challenge = await challengesOf(ctx).find({ transaction_hash: hashToken(token) });
  const authenticator = challenge && (await authenticatorsOf(ctx).get(challenge.authenticator_id));
  if (!authenticator || challenge.purpose === 'enrollment') throw loginTransactionGone();
  if (typeof body.challenge_response !== 'string') throw invalidDeviceBody('challenge_response must be a string');
  const claims = await readDeviceJwt(ctx, authenticator, body.challenge_response, 'api/resolve-transaction');
  const accepted = claims.auth0_guardian_accepted;
  const answers = claims.sub === challenge.push_challenge && claims.auth0_guardian_method === 'push';
  if (!answers || typeof accepted !== 'boolean') throw invalidDeviceToken('it answers something else');
  if (!(await answerPush(ctx, challenge.id, accepted ? 'accepted' : 'rejected'))) throw loginTransactionGone();
  return empty(204);
}

export const resolveTransactionEndpoint = endpoint({
  method: 'POST',
  path: '/appliance-mfa/api/resolve-transaction',
  name: 'resolveGuardianTransaction',
  summary: 'Approve or reject a login, or what an application asks for, from the app',
  tag: 'Guardian apps',
  surface: 'guardian',
  accepts: ['json'],
  body: Type.Object({
    challenge_response: anything('The JWT that the device signed.'),
  }),
  replies: { 204: 'Noted.', 401: 'Not signed by the device.', 404: 'Nothing waits for this answer any more.' },
  handle: (ctx, { body, headers }) => resolve(ctx, body, headers.authorization),
});
