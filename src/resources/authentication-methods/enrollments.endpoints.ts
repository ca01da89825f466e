import {
  type Context,
  empty,
  endpoint,
  json,
  managementError,
  managementWrite,
  oneOf,
  Type,
} from '../../kernel/index.ts';
import { recoveryCode } from '../../platform/crypto/index.ts';
import { forgetBrowsersOf } from '../sessions/index.ts';
import { requireUser } from '../users/index.ts';
import { type Authenticator, authenticatorsOf, listAuthenticators } from './authenticator.store.ts';
import { requireEnrollment, requireOwnOr } from './find-method.ts';
import { makeRecoveryCode } from './recovery-code.ts';
import { forgetAuthenticatorsOf, noteSecondFactors, removeAuthenticator } from './remove.ts';

const TAG = 'users';
const userParams = Type.Object({ id: Type.String({ description: 'ID of the user.' }) });
const enrollmentParams = Type.Object({
  id: Type.String({
    description: 'ID of the enrollment.',
    pattern: '^((totp|sms|voice|push|email|recovery-code|webauthn-roaming|webauthn-platform)\\|)?dev_[A-Za-z0-9-_]+$',
  }),
});

/** Auth0's older words for the kinds of factor; it has none for e-mail and recovery codes, which it does not list here. */
const KINDS = {
  otp: { type: 'authenticator', auth_method: 'authenticator' },
  push: { type: 'pn', auth_method: 'guardian' },
  phone: { type: 'sms', auth_method: 'sms' },
} as const;

function presentEnrollment(one: Authenticator) {
  const name = one.name ?? one.phone_number;
  const identifier = one.device?.identifier;
  return {
    id: one.id,
    status: one.confirmed ? 'confirmed' : 'pending',
    ...(name ? { name } : {}),
    ...(typeof identifier === 'string' ? { identifier } : {}),
    ...(one.phone_number ? { phone_number: one.phone_number } : {}),
    ...(one.enrolled_at ? { enrolled_at: one.enrolled_at } : {}),
    ...(one.last_auth_at ? { last_auth: one.last_auth_at } : {}),
  };
}

/** Auth0: only the first that was confirmed. */
async function listFirst(ctx: Context, userId: string) {
  const all = await listAuthenticators(ctx, userId);
  const shown = all.flatMap((one) => {
    const kind = one.type in KINDS ? KINDS[one.type as keyof typeof KINDS] : undefined;
    return one.confirmed && kind ? [{ ...presentEnrollment(one), ...kind }] : [];
  });
  return json(200, shown.slice(0, 1));
}

async function regenerateRecoveryCode(ctx: Context, userId: string) {
  await requireUser(ctx, userId);
  const code = recoveryCode(ctx.random);
  await ctx.store.transaction(async () => {
    const all = await listAuthenticators(ctx, userId);
    if (!all.some((one) => one.confirmed)) throw managementError(404, 'Enrollment not found', 'enrollment_not_found');
    await authenticatorsOf(ctx).deleteWhere({ user_id: userId, type: 'recovery-code' });
    await authenticatorsOf(ctx).insert(makeRecoveryCode(ctx, userId, code));
  });
  return json(200, { recovery_code: code });
}

/** The provider `google-authenticator` is what Auth0 calls one-time passwords here; `duo` is nothing that anybody has enrolled in. */
async function removeProvider(ctx: Context, userId: string, provider: 'duo' | 'google-authenticator') {
  await requireUser(ctx, userId);
  if (provider === 'duo') return empty(204);
  await ctx.store.transaction(async () => {
    await authenticatorsOf(ctx).deleteWhere({ user_id: userId, type: 'otp' });
    await noteSecondFactors(ctx, userId);
  });
  return empty(204);
}

const Enrollment = Type.Object({ id: Type.String(), status: Type.String() }, { additionalProperties: true });

export const enrollmentEndpoints = [
  endpoint({
    method: 'GET',
    path: '/api/v2/users/:id/enrollments',
    name: 'listUserEnrollments',
    summary: 'Get the First Confirmed Multi-factor Authentication (MFA) Enrollment',
    tag: TAG,
    surface: 'management',
    scopes: ['read:users', 'read:current_user'],
    params: userParams,
    replies: { 200: Type.Array(Enrollment), 404: 'No such user.' },
    async handle(ctx, request) {
      const { id } = request.params;
      requireOwnOr('read:users', request, id);
      await requireUser(ctx, id);
      return listFirst(ctx, id);
    },
  }),
  managementWrite({
    method: 'DELETE',
    path: '/api/v2/users/:id/multifactor/:provider',
    name: 'deleteUserMultifactor',
    summary: "Delete a User's Multi-factor Provider",
    tag: TAG,
    scopes: ['update:users'],
    params: Type.Object({
      id: Type.String({ description: 'ID of the user to remove a multifactor configuration from.' }),
      provider: oneOf(['duo', 'google-authenticator'], {
        description: "The multi-factor provider. Supported values 'duo' or 'google-authenticator'",
      }),
    }),
    replies: { 204: 'Deleted.', 404: 'No such user.' },
    handle: (ctx, { params: { id, provider } }) => removeProvider(ctx, id, provider),
  }),
  managementWrite({
    method: 'DELETE',
    path: '/api/v2/users/:id/authenticators',
    name: 'deleteUserAuthenticators',
    summary: 'Delete All Authenticators',
    tag: TAG,
    scopes: ['delete:guardian_enrollments'],
    params: userParams,
    replies: { 204: 'Deleted.' },
    async handle(ctx, { params: { id } }) {
      await requireUser(ctx, id);
      await forgetAuthenticatorsOf(ctx, id);
      return empty(204);
    },
  }),
  managementWrite({
    method: 'POST',
    path: '/api/v2/users/:id/recovery-code-regeneration',
    name: 'regenerateRecoveryCode',
    summary: 'Generate New Multi-factor Authentication (MFA) Recovery Code',
    tag: TAG,
    scopes: ['update:users'],
    params: userParams,
    replies: { 200: Type.Object({ recovery_code: Type.String() }), 404: 'The user has no second factor.' },
    handle: (ctx, { params: { id } }) => regenerateRecoveryCode(ctx, id),
  }),
  managementWrite({
    method: 'POST',
    path: '/api/v2/users/:id/multifactor/actions/invalidate-remember-browser',
    name: 'invalidateRememberedBrowsers',
    summary: 'Invalidate All Remembered Browsers for Multi-factor Authentication (MFA)',
    tag: TAG,
    scopes: ['update:users'],
    params: userParams,
    replies: { 204: 'Done.' },
    async handle(ctx, { params: { id } }) {
      await requireUser(ctx, id);
      await forgetBrowsersOf(ctx, id);
      return empty(204);
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/v2/guardian/enrollments/:id',
    name: 'getGuardianEnrollment',
    summary: 'Get a Multi-factor Authentication Enrollment',
    tag: 'guardian',
    surface: 'management',
    scopes: ['read:guardian_enrollments'],
    params: enrollmentParams,
    replies: { 200: Enrollment, 404: 'No such enrolment.' },
    handle: async (ctx, { params: { id } }) => json(200, presentEnrollment(await requireEnrollment(ctx, id))),
  }),
  managementWrite({
    method: 'DELETE',
    path: '/api/v2/guardian/enrollments/:id',
    name: 'deleteGuardianEnrollment',
    summary: 'Delete a Multi-factor Authentication Enrollment',
    tag: 'guardian',
    scopes: ['delete:guardian_enrollments'],
    params: enrollmentParams,
    replies: { 204: 'Deleted.', 404: 'No such enrolment.' },
    async handle(ctx, { params: { id } }) {
      const found = await requireEnrollment(ctx, id);
      await removeAuthenticator(ctx, found);
      ctx.audit({
        type: 'gd_unenroll',
        user_id: found.user_id,
        details: { authenticator: { id: found.id, type: found.type } },
      });
      return empty(204);
    },
  }),
];
