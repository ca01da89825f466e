/** RFC 9449 §5, §7.1, §8 and RFC 6750 §3.1. */
export type PossessionError = 'invalid_dpop_proof' | 'use_dpop_nonce' | 'invalid_token';

/** What was to prove the possession of a key does not. Each surface says it in its own dialect. */
export class PossessionRefused extends Error {
  override readonly name = 'PossessionRefused';
  readonly error: PossessionError;
  /** The scheme under which it would have been right. */
  readonly scheme: 'DPoP' | 'Bearer';

  constructor(error: PossessionError, description: string, scheme: PossessionRefused['scheme'] = 'DPoP') {
    super(description);
    this.error = error;
    this.scheme = scheme;
  }
}

/** `WWW-Authenticate` for a refused token: the scheme, and why (RFC 9449 §7.1, RFC 6750 §3). */
export function possessionChallenge({ scheme, error, message }: PossessionRefused): string {
  const algorithms = scheme === 'DPoP' ? ', algs="ES256"' : '';
  return `${scheme} error="${error}", error_description="${message.replaceAll(/["\\]/g, "'")}"${algorithms}`;
}
