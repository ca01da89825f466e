import { type Context, managementError, shapes } from '../../kernel/index.ts';
import { importPublicKey, PublicKeyRefused } from '../../platform/crypto/index.ts';
import { findConnectionByName } from '../connections/index.ts';
import type { SubjectTokenVerifier } from './token-exchange-profile.store.ts';

const { choice, flag, list, record, text } = shapes;

/** Keys that are published verify; a secret that both sides know would let either make tokens. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** The verifier as it is sent. */
export type VerifierBody = Partial<SubjectTokenVerifier> & Pick<SubjectTokenVerifier, 'issuer' | 'audience'>;

const DEFAULTS = { algorithms: ['RS256'], user_id_claim: 'sub', creation_behavior: 'none', single_use: false } as const;

/** Member `subject_token_verifier` of a profile: of this server, not Auth0's. */
export const verifierShape = record(
  {
    issuer: text('The iss that tokens must have.', { minLength: 1, maxLength: 600 }),
    audience: text('The aud that tokens must have.', { minLength: 1, maxLength: 600 }),
    jwks_uri: text('Where the issuer publishes its keys.', { minLength: 1, maxLength: 600 }),
    public_key: text('The key of the issuer in PEM, in place of jwks_uri.', { minLength: 1, maxLength: 4096 }),
    algorithms: list(choice(ALGORITHMS, 'An algorithm.'), 'Algorithms that tokens may be signed with.', {
      minItems: 1,
      maxItems: ALGORITHMS.length,
    }),
    user_id_claim: text('The claim that says who the user is.', { minLength: 1, maxLength: 100 }),
    connection: text('The connection in which that claim is an id; without it the claim is a whole user_id.', {
      minLength: 1,
      maxLength: 128,
    }),
    creation_behavior: choice(['none', 'create_if_not_exists'], 'What is done about users whom nobody knows yet.'),
    single_use: flag('Whether a token is good for one exchange only, told by its jti.'),
  },
  'How subject tokens are checked without an Action.',
  { required: ['issuer', 'audience'] },
);

const refuse = (reason: string) =>
  managementError(400, `Payload validation error: 'subject_token_verifier ${reason}'.`, 'invalid_body');

/** The verifier with its defaults. WireError 400 when its members contradict each other. */
export async function settleVerifier(ctx: Context, sent: VerifierBody): Promise<SubjectTokenVerifier> {
  const verifier = { ...DEFAULTS, ...sent };
  const { jwks_uri, public_key, connection, creation_behavior } = verifier;
  if ((jwks_uri === undefined) === (public_key === undefined)) throw refuse('needs jwks_uri or public_key, not both');
  if (jwks_uri !== undefined && !isSafeAddress(jwks_uri)) throw refuse('jwks_uri must be an https URL');
  if (public_key !== undefined) requirePublicKey(public_key);
  if (creation_behavior !== 'none' && connection === undefined) throw refuse('creates users only in a connection');
  if (connection !== undefined && !(await findConnectionByName(ctx, connection))) {
    throw refuse(`names a connection that does not exist: ${connection}`);
  }
  return verifier;
}

/** https, or http to a server on the same machine, where nobody listens in between. */
function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, hash } = new URL(address);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function requirePublicKey(pem: string): void {
  try {
    importPublicKey(pem);
  } catch (error) {
    if (!(error instanceof PublicKeyRefused)) throw error;
    throw refuse('public_key is not a public key or certificate in PEM');
  }
}
