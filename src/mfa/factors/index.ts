/** The list of factors. A new one is a folder here, a line below, and rows in the tables of `methods.ts` that the compiler asks for. */
import { fail } from '../../kernel/index.ts';
import type { AuthenticatorType } from '../../resources/authentication-methods/index.ts';
import type { OobChannel } from '../challenge.store.ts';
import { email } from './email/email.factor.ts';
import type { Factor, FactorChannel } from './factor.ts';
import { otp } from './otp/otp.factor.ts';
import { phone } from './phone/phone.factor.ts';
import { push } from './push/push.factor.ts';
import { recoveryCode } from './recovery-code/recovery-code.factor.ts';

export type { Delivery, EnrollmentRequest, Factor, FactorChannel, Prepared, SetUp } from './factor.ts';

export const factors: readonly Factor[] = [otp, phone, email, push, recoveryCode];

export function factorOf(type: AuthenticatorType): Factor {
  const found = factors.find((one) => one.type === type);
  if (!found) throw new TypeError(`no factor ${type}`);
  return found;
}

/** How `type` reaches its user by `channel`. Failure unsupported_challenge_type when it does not. */
export function channelOf(type: AuthenticatorType, channel: OobChannel): FactorChannel {
  return factorOf(type).channels[channel] ?? fail('unsupported_challenge_type', {});
}
