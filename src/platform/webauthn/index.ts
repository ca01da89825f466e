/**
 * The one door to WebAuthn (W3C, Level 3): checks what an authenticator answers when a passkey is made and when it is used. It owns
 * how signatures and flags are checked; challenges, who owns a passkey, and what a client is told are not here. Only this folder imports
 * @simplewebauthn/server, when it is first needed.
 */
export {
  type Expected,
  type NewPasskey,
  PASSKEY_ALGORITHMS,
  PasskeyRefused,
  type StoredPasskey,
  type UsedPasskey,
  verifyNewPasskey,
  verifyPasskey,
} from './verify.ts';
