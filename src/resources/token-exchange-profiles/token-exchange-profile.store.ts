import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** How subject tokens of a profile are checked without an Action: JWTs of one issuer (docs/decisions/0019). */
export interface SubjectTokenVerifier {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer publishes its keys; or `public_key`, one key in PEM. */
  readonly jwks_uri?: string;
  readonly public_key?: string;
  readonly algorithms: readonly string[];
  /** The claim that says who the user is. */
  readonly user_id_claim: string;
  /** The connection in which that claim is an id; without it the claim is a whole `user_id`. */
  readonly connection?: string;
  readonly creation_behavior: 'none' | 'create_if_not_exists';
  /** A token is good for one exchange, told by its `jti`. */
  readonly single_use: boolean;
}

/** What is exchanged for tokens under one `subject_token_type`. */
export interface TokenExchangeProfile {
  readonly id: string;
  readonly name: string;
  readonly type: 'custom_authentication';
  readonly subject_token_type: string;
  readonly subject_token_verifier: SubjectTokenVerifier;
  readonly created_at: string;
  readonly updated_at: string;
}

export const tokenExchangeProfilesCollection = collection<TokenExchangeProfile>({
  name: 'token_exchange_profiles',
  key: 'id',
  index: { subject_token_type: 'text' },
  unique: [['subject_token_type']],
  cached: true,
});

export function tokenExchangeProfilesOf(ctx: Context): Collection<TokenExchangeProfile> {
  return ctx.store.collection(tokenExchangeProfilesCollection);
}

/** The profile of a `subject_token_type`, or undefined. From memory. */
export function findTokenExchangeProfile(ctx: Context, type: string): Promise<TokenExchangeProfile | undefined> {
  return tokenExchangeProfilesOf(ctx).find({ subject_token_type: type });
}
