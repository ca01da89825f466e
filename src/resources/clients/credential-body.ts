import { managementError, type WireError } from '../../kernel/index.ts';
import type { ClientCredential } from './credential.store.ts';

/** A credential as it is sent. */
export interface CredentialBody {
  readonly credential_type: ClientCredential['credential_type'];
  readonly name?: string;
  readonly pem?: string;
  readonly alg?: string;
  readonly kid?: string;
  readonly subject_dn?: string;
  readonly parse_expiry_from_cert?: boolean;
  readonly expires_at?: string;
}

/** 400 in the form of the Management API's validation. */
export function refuse(reason: string): WireError {
  return managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');
}

/** The key or certificate of `body`. WireError 400 without one. */
export function requirePem({ pem }: CredentialBody): string {
  if (!pem) throw refuse('Missing required property: pem');
  return pem;
}

/** Auth0: two credentials for one purpose, so that one can replace the other. */
export const MOST_CREDENTIALS = 2;

/** 400: there would be more. */
export function tooManyCredentials(): WireError {
  return managementError(400, `A client can have at most ${MOST_CREDENTIALS} credentials.`, 'invalid_body');
}
