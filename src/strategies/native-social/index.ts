/**
 * What a native application brings from a provider's own login on the device: Apple's authorization code, Facebook's session info token,
 * Google's ID token. Each is proved at its provider; who came of it is a user like any other of that connection.
 */
export { proveAppleCode } from './apple.ts';
export { proveFacebookSession } from './facebook.ts';
export { proveGoogleIdToken, proveOneTapToken } from './google.ts';
export { type NativeArtifact, NativeLoginRefused, type ProveArtifact } from './native-artifact.ts';
