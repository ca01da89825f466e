import { type Context, isoTime } from '../kernel/index.ts';
import { maskEmail, maskPhone } from '../platform/messages/index.ts';
import {
  type Authenticator,
  type AuthenticatorType,
  listAuthenticators,
} from '../resources/authentication-methods/index.ts';
import { type FactorName, type GuardianSettings, guardianSettings } from '../resources/guardian/index.ts';
import type { User } from '../resources/users/index.ts';

/** One way of proving possession. An authenticator may offer two: a phone is texted or called, the Guardian app also shows codes. */
export type MethodKind = 'totp' | 'sms' | 'voice' | 'email' | 'push' | 'recovery-code';

export interface Method {
  /** `${kind}|dev_…`, as the MFA API names it. */
  readonly id: string;
  readonly kind: MethodKind;
  readonly authenticator: Authenticator;
  /** A verified e-mail address that nobody enrolled: it cannot be removed. */
  readonly implicit?: true;
}

/** The words of `mfa_requirements` and of `type` in lists. */
export type RequirementType = 'otp' | 'phone' | 'push-notification' | 'recovery-code' | 'email';

export const REQUIREMENT_TYPES: Readonly<Record<MethodKind, RequirementType>> = {
  totp: 'otp',
  sms: 'phone',
  voice: 'phone',
  email: 'email',
  push: 'push-notification',
  'recovery-code': 'recovery-code',
};

const FACTOR_OF: Readonly<Record<AuthenticatorType, FactorName>> = {
  otp: 'otp',
  phone: 'sms',
  email: 'email',
  push: 'push-notification',
  'recovery-code': 'recovery-code',
};

/** Is the factor that `type` belongs to switched on? */
export function isFactorEnabled(settings: GuardianSettings, type: AuthenticatorType): boolean {
  return settings.factors[FACTOR_OF[type]];
}

function kindsOf(authenticator: Authenticator, settings: GuardianSettings): MethodKind[] {
  if (authenticator.type === 'otp') return ['totp'];
  if (authenticator.type === 'push') return ['push', 'totp'];
  if (authenticator.type !== 'phone') return [authenticator.type];
  const preferred = authenticator.preferred_authentication_method ?? 'sms';
  const kinds = settings.phone_message_types.length > 0 ? settings.phone_message_types : [preferred];
  return kinds.toSorted((one, other) => Number(other === preferred) - Number(one === preferred));
}

function methodsOf(authenticator: Authenticator, settings: GuardianSettings): Method[] {
  return kindsOf(authenticator, settings).map((kind) => ({ id: `${kind}|${authenticator.id}`, kind, authenticator }));
}

/** A verified address is a factor by itself (Auth0: no enrolment needed), under an id that stays the same. */
function implicitEmail(
  ctx: Context,
  user: User,
  settings: GuardianSettings,
  enrolled: readonly Authenticator[],
): Method[] {
  const { email } = user;
  if (!email || !user.email_verified || !settings.factors.email) return [];
  if (enrolled.some((one) => one.email?.toLowerCase() === email.toLowerCase())) return [];
  const digest = ctx.sealer.digest(
    email.toLowerCase(),
    `${ctx.tenant.id}:authenticators:${user.user_id}:verified-email`,
  );
  const id = `dev_${digest.replace(/[-_]/g, '').slice(0, 16)}`;
  const created = user.created_at ?? isoTime(ctx.clock);
  const authenticator = {
    id,
    user_id: user.user_id,
    type: 'email',
    confirmed: true,
    created_at: created,
    email,
  } as const;
  return [{ id: `email|${id}`, kind: 'email', authenticator, implicit: true }];
}

/** All that the user has, confirmed or not, switched on or not: oldest first, then the verified address. */
export async function listMethods(ctx: Context, user: User): Promise<Method[]> {
  const [settings, enrolled] = await Promise.all([guardianSettings(ctx), listAuthenticators(ctx, user.user_id)]);
  const explicit = enrolled.flatMap((authenticator) => methodsOf(authenticator, settings));
  const confirmed = enrolled.filter((one) => one.confirmed);
  return [...explicit, ...implicitEmail(ctx, user, settings, confirmed)];
}

/** Texts and calls are level: which comes first is the phone's own preference. */
const RANK: Readonly<Record<MethodKind, number>> = { push: 0, totp: 1, sms: 2, voice: 2, email: 3, 'recovery-code': 4 };

/** What the user can be challenged with: confirmed, and the tenant has the factor on. The one to offer first comes first. */
export async function challengeableMethods(ctx: Context, user: User): Promise<Method[]> {
  const [settings, methods] = await Promise.all([guardianSettings(ctx), listMethods(ctx, user)]);
  return methods
    .filter(({ authenticator }) => authenticator.confirmed && isFactorEnabled(settings, authenticator.type))
    .filter(({ kind }) => (kind !== 'sms' && kind !== 'voice') || settings.phone_message_types.includes(kind))
    .toSorted((one, other) => RANK[one.kind] - RANK[other.kind]);
}

/** Has the user a factor of their own, which then guards everything? A recovery code and a verified address only stand in for one. */
export async function isEnrolled(ctx: Context, user: User): Promise<boolean> {
  return guards(await challengeableMethods(ctx, user)).length > 0;
}

/**
 * Must the user prove a factor before they may set one up? Whoever is enrolled must, and so must whoever has a verified address where
 * e-mail is the tenant's only factor: there it stands in for no other, and is what guards the account.
 */
export async function mustProveFirst(ctx: Context, user: User): Promise<boolean> {
  const methods = await challengeableMethods(ctx, user);
  if (guards(methods).length > 0) return true;
  const offered = await enrollableFactors(ctx, user);
  return methods.length > 0 && offered.every(({ type }) => type === 'email');
}

/** Those that count as the user's own factor. */
export function guards(methods: readonly Method[]): Method[] {
  return methods.filter((method) => method.kind !== 'recovery-code' && !method.implicit);
}

export interface EnrollableFactor {
  readonly type: 'otp' | 'phone' | 'push' | 'email';
  /** phone: how it may be reached. */
  readonly channels: readonly ('sms' | 'voice')[];
}

/** The factors that the tenant has on and that a user can set up, the one to offer first first. */
export async function enrollableFactors(ctx: Context, _user: User): Promise<EnrollableFactor[]> {
  const settings = await guardianSettings(ctx);
  const types = (['push', 'otp', 'phone', 'email'] as const).filter((type) => isFactorEnabled(settings, type));
  return types
    .map((type) => ({ type, channels: type === 'phone' ? settings.phone_message_types : [] }))
    .filter(({ type, channels }) => type !== 'phone' || channels.length > 0);
}

/** What the user sees of a method's address or device: `XXXXXXXX9167`, `****@exam*******`, `Anna's phone`. */
export function maskedName({ kind, authenticator }: Method): string | undefined {
  if (kind === 'sms' || kind === 'voice') return maskPhone(authenticator.phone_number ?? '');
  if (kind === 'email') return maskEmail(authenticator.email ?? '');
  return kind === 'push' ? authenticator.name : undefined;
}
