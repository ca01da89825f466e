import { anything, type Context, endpoint, json, type Reply, Type } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type Authenticator, authenticatorsOf, openOtpSecret } from '../../resources/authentication-methods/index.ts';
import { challengesOf } from '../challenge.store.ts';
import { guardianBaseUrl } from '../factors/push/push-barcode.ts';
import { tenantLabel } from '../labels.ts';
import { answerPush } from './answer-push.ts';
import { type Body, type Device, readDeviceChanges, readPublicKey } from './device.ts';
import { enrollmentTransactionGone, invalidDeviceBody } from './errors.ts';

/** The unfinished enrolment that the QR code named, with its challenge's id. */
async function findEnrollment(ctx: Context, header: string | undefined) {
  const ticket = /^ticket +id="([^"]{1,256})" *$/i.exec(header ?? '')?.[1];
  if (!ticket) throw enrollmentTransactionGone();
  const challenge = await challengesOf(ctx).find({ transaction_hash: hashToken(ticket) });
  if (challenge?.purpose !== 'enrollment') throw enrollmentTransactionGone();
  return challenge;
}

function readDevice(body: Body): { device: Device; name: string } {
  const { device, name } = readDeviceChanges(body);
  if (!device.identifier || !name) throw invalidDeviceBody('identifier and name are required');
  return { device: { ...device, identifier: device.identifier, public_key: readPublicKey(body.public_key) }, name };
}

async function enroll(ctx: Context, body: Body, header: string | undefined): Promise<Reply> {
  const challenge = await findEnrollment(ctx, header);
  const { device, name } = readDevice(body);
  const token = randomToken(ctx.random);
  const registered = { ...device, token_hash: hashToken(token) };
  const authenticator = await ctx.store.transaction(async () => {
    if (!(await answerPush(ctx, challenge.id, 'accepted'))) throw enrollmentTransactionGone();
    const change = (stored: Authenticator) => ({ ...stored, name, device: { ...registered } });
    return authenticatorsOf(ctx).update(challenge.authenticator_id, change);
  });
  if (!authenticator) throw enrollmentTransactionGone();
  return json(200, {
    id: authenticator.id,
    url: guardianBaseUrl(ctx),
    issuer: await tenantLabel(ctx),
    user_id: authenticator.user_id,
    token,
    totp: { secret: openOtpSecret(ctx, authenticator), algorithm: 'sha1', digits: 6, period: 30 },
  });
}

export const enrollDeviceEndpoint = endpoint({
  method: 'POST',
  path: '/appliance-mfa/api/enroll',
  name: 'enrollGuardianDevice',
  summary: 'Register a device, by the ticket that its app scanned',
  tag: 'Guardian apps',
  surface: 'guardian',
  accepts: ['json'],
  body: Type.Object({
    identifier: anything("The app's name for the installation."),
    name: anything('What the user calls the device.'),
    push_credentials: anything('`{service: "APNS" | "GCM", token}`: where to notify it.'),
    public_key: anything('The RSA key (JWK) that checks what the device signs.'),
  }),
  replies: { 200: 'The account, its token and the one-time-password secret.', 404: 'No such ticket.' },
  handle: (ctx, { body, headers }) => enroll(ctx, body, headers.authorization),
});
