import { anything, type Context, empty, endpoint, json, type Reply, Type } from '../../kernel/index.ts';
import { type Authenticator, authenticatorsOf } from '../../resources/authentication-methods/index.ts';
import { findUser } from '../../resources/users/index.ts';
import { auditMfa } from '../audit.ts';
import { unenroll } from '../unenroll.ts';
import { type Body, deviceOf, readDeviceChanges } from './device.ts';
import { requireDevice } from './device-proof.ts';
import { deviceAccountGone } from './errors.ts';

const SHARED = { path: '/appliance-mfa/api/device-accounts/:id', tag: 'Guardian apps', surface: 'guardian' } as const;
const params = Type.Object({ id: Type.String({ description: 'The account, as the enrolment answered it.' }) });

async function requireAccount(ctx: Context, id: string, header: string | undefined) {
  const authenticator = await authenticatorsOf(ctx).get(id);
  if (!authenticator?.device) throw deviceAccountGone();
  await requireDevice(ctx, authenticator, header);
  const user = await findUser(ctx, authenticator.user_id);
  if (!user) throw deviceAccountGone();
  return { authenticator, user };
}

async function update(ctx: Context, id: string, body: Body, header: string | undefined): Promise<Reply> {
  const { user } = await requireAccount(ctx, id, header);
  const { device, name } = readDeviceChanges(body);
  const changed = await authenticatorsOf(ctx).update(id, (stored) => ({
    ...stored,
    ...(name ? { name } : {}),
    device: { ...stored.device, ...device },
  }));
  if (!changed) throw deviceAccountGone();
  auditMfa(ctx, 'gd_update_device_account', { user, authenticator: changed });
  return json(200, present(changed));
}

function present(authenticator: Authenticator): Body {
  const { identifier, push_service, push_token } = deviceOf(authenticator) ?? {};
  const push = push_token ? { push_credentials: { service: push_service, token: push_token } } : {};
  return { identifier, name: authenticator.name, ...push };
}

/** The account of a device, kept up to date and removed by its app. */
export const deviceAccountEndpoints = [
  endpoint({
    ...SHARED,
    method: 'PATCH',
    name: 'updateGuardianDevice',
    summary: 'Change what is known of a device',
    accepts: ['json'],
    params,
    body: Type.Object({
      identifier: anything("The app's name for the installation."),
      name: anything('What the user calls the device.'),
      push_credentials: anything('`{service: "APNS" | "GCM", token}`: where to notify it.'),
    }),
    replies: { 200: 'The device as it is now.', 401: 'Not proved by the device.', 404: 'No such account.' },
    handle: (ctx, { params: { id }, body, headers }) => update(ctx, id, body, headers.authorization),
  }),
  endpoint({
    ...SHARED,
    method: 'DELETE',
    name: 'removeGuardianDevice',
    summary: 'Remove a device from its account',
    params,
    replies: { 204: 'Removed.', 401: 'Not proved by the device.', 404: 'No such account.' },
    async handle(ctx, { params: { id }, headers }) {
      await unenroll(ctx, await requireAccount(ctx, id, headers.authorization));
      return empty(204);
    },
  }),
];
