import { type Context, collection } from '../../kernel/index.ts';

export const FACTOR_NAMES = [
  'sms',
  'push-notification',
  'otp',
  'email',
  'duo',
  'webauthn-roaming',
  'webauthn-platform',
  'recovery-code',
] as const;
export type FactorName = (typeof FACTOR_NAMES)[number];
export type MfaPolicy = 'all-applications' | 'confidence-score';

/** How the tenant does multi-factor authentication: one document per tenant. */
export interface GuardianSettings {
  readonly id: 'guardian';
  readonly factors: Readonly<Record<FactorName, boolean>>;
  /** Empty: never asked unless a factor is demanded otherwise. */
  readonly policies: readonly MfaPolicy[];
  readonly phone_message_types: readonly ('sms' | 'voice')[];
  readonly phone_provider: 'auth0' | 'twilio' | 'phone-message-hook';
  readonly twilio?: {
    readonly from?: string | null;
    readonly messaging_service_sid?: string | null;
    readonly sid?: string | null;
    readonly auth_token_sealed?: string;
  };
  readonly phone_templates: { readonly enrollment_message: string; readonly verification_message: string };
  readonly push_provider: 'guardian' | 'sns' | 'direct';
  readonly [other: string]: unknown;
}

export const guardianCollection = collection<GuardianSettings>({ name: 'guardian', key: 'id', cached: true });

/** The tenant's MFA settings. From memory. They are written when the tenant is made. */
export async function guardianSettings(ctx: Context): Promise<GuardianSettings> {
  const found = await ctx.store.collection(guardianCollection).get('guardian');
  if (!found) throw new Error(`tenant ${ctx.tenant.name} has no guardian settings`);
  return found;
}
