import type { Context } from '../../kernel/index.ts';
import { maskEmailKeepingStart, maskPhone } from '../../platform/messages/index.ts';
import { type GuardianSettings, guardianSettings } from '../guardian/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import type { Authenticator } from './authenticator.store.ts';

/** How the Management API shows an authenticator: most are one method; a Guardian app is two that belong together. */
export type MethodType = 'totp' | 'phone' | 'email' | 'push' | 'recovery-code';
type Shown = Readonly<Record<string, unknown>>;

export interface Presentation {
  readonly settings: GuardianSettings;
  /** Show addresses whole. */
  readonly unmasked?: boolean;
  /** Show phone numbers whole, as the tenant has it for all that the Management API shows. */
  readonly phonesUnmasked?: boolean;
}

/** How the tenant has them shown (flag `disable_management_api_sms_obfuscation`). */
export async function presentationOf(ctx: Context): Promise<Presentation> {
  const { flags } = await tenantSettings(ctx);
  const phonesUnmasked = flags.disable_management_api_sms_obfuscation === true;
  return { settings: await guardianSettings(ctx), phonesUnmasked };
}

const METHODS: Readonly<Record<Authenticator['type'], readonly MethodType[]>> = {
  otp: ['totp'],
  phone: ['phone'],
  email: ['email'],
  push: ['push', 'totp'],
  'recovery-code': ['recovery-code'],
};

/** All names that an authenticator goes by: `phone|dev_X` is also `sms|dev_X` and `voice|dev_X`. */
export function idsOf({ type, id }: Authenticator): string[] {
  const kinds = type === 'phone' ? ['phone', 'sms', 'voice'] : METHODS[type];
  return [...kinds.map((kind) => `${kind}|${id}`), id];
}

/** The methods that `authenticator` is shown as. */
export function presentMethods(authenticator: Authenticator, presentation: Presentation): Shown[] {
  return METHODS[authenticator.type].map((type) => presentMethod(authenticator, type, presentation));
}

/** One of them: the first, or the one that `id` names. */
export function presentNamed(authenticator: Authenticator, id: string, presentation: Presentation): Shown {
  const methods = presentMethods(authenticator, presentation);
  return methods.find((method) => method.id === id) ?? (methods[0] as Shown);
}

function presentMethod(authenticator: Authenticator, type: MethodType, presentation: Presentation): Shown {
  const { id, confirmed, name, created_at, enrolled_at, last_auth_at } = authenticator;
  const twin = METHODS[authenticator.type].find((other) => other !== type);
  return {
    id: `${type}|${id}`,
    type,
    confirmed,
    ...(name ? { name } : {}),
    ...presentAddress(authenticator, presentation),
    ...(twin ? { link_id: `${twin}|${id}` } : {}),
    created_at,
    ...(enrolled_at ? { enrolled_at } : {}),
    ...(last_auth_at ? { last_auth_at } : {}),
  };
}

function presentAddress(
  authenticator: Authenticator,
  { settings, unmasked = false, phonesUnmasked }: Presentation,
): Shown {
  const { id, type, phone_number = '', email = '' } = authenticator;
  if (type === 'email') return { email: unmasked ? email : maskEmailKeepingStart(email) };
  if (type !== 'phone') return {};
  const preferred = authenticator.preferred_authentication_method ?? 'sms';
  const kinds = settings.phone_message_types.length > 0 ? settings.phone_message_types : [preferred];
  return {
    phone_number: unmasked || phonesUnmasked ? phone_number : maskPhone(phone_number),
    preferred_authentication_method: preferred,
    authentication_methods: kinds.map((kind) => ({ id: `${kind}|${id}`, type: kind })),
  };
}
