import type { Grant } from '../grant.ts';
import { authorizationCode } from './authorization-code.ts';
import { ciba } from './ciba.ts';
import { clientCredentials } from './client-credentials.ts';
import { deviceCode } from './device-code.ts';
import { jwtBearer } from './jwt-bearer.ts';
import { mfaOob } from './mfa-oob.ts';
import { mfaOtp } from './mfa-otp.ts';
import { mfaRecoveryCode } from './mfa-recovery-code.ts';
import { passkey } from './passkey.ts';
import { password } from './password.ts';
import { passwordRealm } from './password-realm.ts';
import { passwordlessOtp } from './passwordless-otp.ts';
import { refreshToken } from './refresh-token.ts';
import { tokenExchange } from './token-exchange.ts';
import { tokenVault } from './token-vault.ts';

/** Every grant that the token endpoint knows. */
export const grants: readonly Grant[] = [
  authorizationCode,
  refreshToken,
  clientCredentials,
  password,
  passwordRealm,
  passwordlessOtp,
  passkey,
  deviceCode,
  ciba,
  mfaOtp,
  mfaOob,
  mfaRecoveryCode,
  tokenExchange,
  jwtBearer,
  tokenVault,
];
