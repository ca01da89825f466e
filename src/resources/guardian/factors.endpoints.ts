import { type Context, endpoint, json, managementError, managementWrite, Type } from '../../kernel/index.ts';
import { Factor, FactorState, factorParams, Policies } from './guardian.schema.ts';
import { FACTOR_NAMES, type FactorName, type GuardianSettings, guardianSettings } from './guardian.store.ts';
import { changeGuardianSettings } from './settings.ts';

const TAG = 'guardian';

/** Factors that nobody could use here yet: turning one on would let no one in. */
const UNAVAILABLE: readonly FactorName[] = ['duo', 'webauthn-roaming', 'webauthn-platform'];

function requireAvailable(name: FactorName): void {
  if (!UNAVAILABLE.includes(name)) return;
  throw managementError(400, `The factor ${name} is not supported by this server.`, 'operation_not_supported');
}

/** Texts are the phone factor's first message type: without one it would be on and reach nobody. */
function withFactor(settings: GuardianSettings, name: FactorName, enabled: boolean): Partial<GuardianSettings> {
  const factors = { ...settings.factors, [name]: enabled };
  const needsType = name === 'sms' && enabled && settings.phone_message_types.length === 0;
  return needsType ? { factors, phone_message_types: ['sms'] } : { factors };
}

async function listFactors(ctx: Context) {
  const { factors } = await guardianSettings(ctx);
  return json(
    200,
    FACTOR_NAMES.map((name) => ({ name, enabled: factors[name], trial_expired: false })),
  );
}

export const factorEndpoints = [
  endpoint({
    method: 'GET',
    path: '/api/v2/guardian/factors',
    name: 'listGuardianFactors',
    summary: 'Get Factors and Multi-factor Authentication Details',
    tag: TAG,
    surface: 'management',
    scopes: ['read:guardian_factors'],
    replies: { 200: Type.Array(Factor) },
    handle: listFactors,
  }),
  managementWrite({
    method: 'PUT',
    path: '/api/v2/guardian/factors/:name',
    name: 'setGuardianFactor',
    summary: 'Update Multi-factor Authentication Type',
    tag: TAG,
    scopes: ['update:guardian_factors'],
    params: factorParams,
    body: FactorState,
    replies: { 200: FactorState },
    async handle(ctx, { params: { name }, body: { enabled } }) {
      if (enabled) requireAvailable(name);
      await changeGuardianSettings(ctx, (settings) => withFactor(settings, name, enabled));
      return json(200, { enabled });
    },
  }),
  endpoint({
    method: 'GET',
    path: '/api/v2/guardian/policies',
    name: 'getGuardianPolicies',
    summary: 'Get Multi-factor Authentication Policies',
    tag: TAG,
    surface: 'management',
    scopes: ['read:mfa_policies'],
    replies: { 200: Policies },
    handle: async (ctx) => json(200, (await guardianSettings(ctx)).policies),
  }),
  managementWrite({
    method: 'PUT',
    path: '/api/v2/guardian/policies',
    name: 'setGuardianPolicies',
    summary: 'Update Multi-factor Authentication Policies',
    tag: TAG,
    scopes: ['update:mfa_policies'],
    body: Policies,
    replies: { 200: Policies },
    async handle(ctx, { body }) {
      const policies = [...new Set(body)];
      if (policies.length > 1) {
        throw managementError(400, 'Only one MFA policy can be in force at a time.', 'invalid_body');
      }
      return json(200, (await changeGuardianSettings(ctx, () => ({ policies }))).policies);
    },
  }),
];
