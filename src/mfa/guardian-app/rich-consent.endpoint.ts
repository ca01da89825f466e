import { type Context, endpoint, json, type Reply, Type } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { authenticatorsOf } from '../../resources/authentication-methods/index.ts';
import { challengesOf } from '../challenge.store.ts';
import { requireDeviceProof } from './device-proof.ts';
import { consentGone, invalidDeviceToken } from './errors.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** What the notification with `id` is about, for the device that it was sent to. */
async function readConsent(ctx: Context, id: string, headers: Headers): Promise<Reply> {
  const token = /^mfa-dpop +([^\s]+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (!token) throw invalidDeviceToken('no transaction token');
  const challenge = await challengesOf(ctx).find({ transaction_hash: hashToken(token) });
  const authenticator = challenge && (await authenticatorsOf(ctx).get(challenge.authenticator_id));
  const isOpen = authenticator && challenge.consent?.id === id && challenge.expires_at > ctx.clock.now();
  if (!isOpen || !challenge.consent) throw consentGone();
  const proof = { jwt: headers['mfa-dpop'] ?? '', method: 'GET', path: `rich-consents/${id}`, token };
  await requireDeviceProof(ctx, authenticator, proof);
  const { id: _id, ...requested_details } = challenge.consent;
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const times = { created_at: seconds(challenge.created_at), expires_at: seconds(challenge.expires_at) };
  return json(200, { id, requested_details, ...times });
}

/** As the SDKs call it: beside the host, not under the address that the notification names. */
export const richConsentEndpoint = endpoint({
  method: 'GET',
  path: '/rich-consents/:id',
  name: 'readRichConsent',
  summary: 'What an application asks the user of the app to approve',
  tag: 'Guardian apps',
  surface: 'guardian',
  params: Type.Object({ id: Type.String({ description: '`txlnkid` of the notification.' }) }),
  replies: {
    200: Type.Object({
      id: Type.String(),
      requested_details: Type.Object({}, { additionalProperties: true }),
      created_at: Type.Integer(),
      expires_at: Type.Integer(),
    }),
    401: 'Not proved by the device.',
    404: 'Nothing is asked for under this id any more.',
  },
  handle: (ctx, { params, headers }) => readConsent(ctx, params.id, headers),
});
