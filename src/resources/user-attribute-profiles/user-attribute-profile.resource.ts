import { type Context, type Endpoint, prefixedId, resource, Type, templateEndpoints } from '../../kernel/index.ts';
import {
  createBody,
  profileShape,
  templateShape,
  type UserAttributeProfileBody,
  type UserAttributeProfileChange,
  updateBody,
} from './user-attribute-profile.schema.ts';
import {
  type UserAttributeProfile,
  userAttributeProfilesCollection,
  userAttributeProfilesOf,
} from './user-attribute-profile.store.ts';
import { USER_ID, userAttributeProfileTemplates } from './user-attribute-profile-templates.ts';

const PATH = '/api/v2/user-attribute-profiles';
const TAG = 'user-attribute-profiles';
const NOUN = 'user attribute profile';
const READ = ['read:user_attribute_profiles'];

const take = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 1000, description: 'Number of results per page. Defaults to 5.' }),
);

/** Makes a profile; what its `user_id` leaves out is Auth0's. */
function create(ctx: Context, body: UserAttributeProfileBody): Promise<UserAttributeProfile> {
  const id = prefixedId(ctx.random, 'uap_', 22);
  return userAttributeProfilesOf(ctx).insert({ id, ...body, user_id: { ...USER_ID, ...body.user_id } });
}

/** Recorded: a `user_id` that is sent replaces the one there was, and what it leaves out is Auth0's again. */
async function update(ctx: Context, profile: UserAttributeProfile, change: UserAttributeProfileChange) {
  const { user_id, ...rest } = change;
  const settled = user_id === undefined ? {} : { user_id: { ...USER_ID, ...user_id } };
  const changed = { ...rest, ...settled } as Partial<UserAttributeProfile>;
  return (await userAttributeProfilesOf(ctx).update(profile.id, (current) => ({ ...current, ...changed }))) ?? profile;
}

/** `/api/v2/user-attribute-profiles` and its templates. */
export const userAttributeProfileEndpoints: Endpoint[] = [
  ...templateEndpoints({
    path: PATH,
    tag: TAG,
    noun: NOUN,
    scopes: READ,
    shape: templateShape,
    templates: userAttributeProfileTemplates,
  }),
  ...resource<UserAttributeProfile, UserAttributeProfileBody, UserAttributeProfileChange>({
    path: PATH,
    param: 'id',
    tag: TAG,
    noun: NOUN,
    collection: userAttributeProfilesCollection,
    shape: profileShape,
    missing: { message: 'User attribute profile not found.' },
    present: (_ctx: Context, profile: UserAttributeProfile) => profile,
    list: {
      summary: 'Get user attribute profiles',
      scopes: READ,
      key: 'user_attribute_profiles',
      checkpoint: 'only',
      pageSize: 5,
      filters: { take },
    },
    create: {
      summary: 'Create a user attribute profile',
      scopes: ['create:user_attribute_profiles'],
      body: createBody,
      run: create,
    },
    get: { summary: 'Get a user attribute profile', scopes: READ },
    update: {
      summary: 'Modify a user attribute profile',
      scopes: ['update:user_attribute_profiles'],
      body: updateBody,
      run: update,
    },
    delete: { summary: 'Delete a user attribute profile', scopes: ['delete:user_attribute_profiles'] },
  }),
];
