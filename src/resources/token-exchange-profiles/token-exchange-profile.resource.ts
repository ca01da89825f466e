import { type Context, type Endpoint, resource, shapes } from '../../kernel/index.ts';
import { verifierShape } from './subject-token-verifier.ts';
import { type TokenExchangeProfile, tokenExchangeProfilesCollection } from './token-exchange-profile.store.ts';
import {
  createTokenExchangeProfile,
  type ProfileBody,
  type ProfileChange,
  updateTokenExchangeProfile,
} from './token-exchange-profiles.ts';

const { answer, body, choice, text } = shapes;

const name = text('Friendly name of this profile.', { minLength: 3, maxLength: 50 });
const subject_token_type = text('The type of subject tokens that this profile is for. A URI.', {
  minLength: 8,
  maxLength: 100,
});
const action_id = text('The Action that checks subject tokens. There are no Actions in this version.', {
  minLength: 1,
  maxLength: 36,
});
const type = choice(['custom_authentication'], 'The type of the profile.');

const createBody = { name, subject_token_type, action_id, type, subject_token_verifier: verifierShape };
const updateBody = { name, subject_token_type, subject_token_verifier: verifierShape };

/** `/api/v2/token-exchange-profiles`. */
export const tokenExchangeProfileEndpoints: Endpoint[] = resource<TokenExchangeProfile, ProfileBody, ProfileChange>({
  path: '/api/v2/token-exchange-profiles',
  param: 'id',
  tag: 'token-exchange-profiles',
  noun: 'token exchange profile',
  collection: tokenExchangeProfilesCollection,
  shape: answer({
    id: text('ID of the profile.'),
    ...createBody,
    created_at: text('When it was made.'),
    updated_at: text('When it was changed last.'),
  }),
  missing: { message: 'Token exchange profile not found.', errorCode: 'inexistent_token_exchange_profile' },
  present: (_ctx: Context, profile: TokenExchangeProfile) => profile,
  list: {
    summary: 'Get token exchange profiles',
    scopes: ['read:token_exchange_profiles'],
    key: 'token_exchange_profiles',
    checkpoint: 'only',
  },
  create: {
    summary: 'Create a token exchange profile',
    scopes: ['create:token_exchange_profiles'],
    body: body<ProfileBody>(createBody, { required: ['name', 'subject_token_type', 'type'] }),
    run: createTokenExchangeProfile,
  },
  get: { summary: 'Get a token exchange profile', scopes: ['read:token_exchange_profiles'] },
  update: {
    summary: 'Update a token exchange profile',
    scopes: ['update:token_exchange_profiles'],
    body: body<ProfileChange>(updateBody, { minProperties: 1 }),
    run: updateTokenExchangeProfile,
  },
  delete: { summary: 'Delete a token exchange profile', scopes: ['delete:token_exchange_profiles'] },
});
