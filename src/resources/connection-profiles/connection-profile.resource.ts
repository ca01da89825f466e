import { type Context, type Endpoint, prefixedId, resource, Type, templateEndpoints } from '../../kernel/index.ts';
import {
  type ConnectionProfileBody,
  createBody,
  profileShape,
  templateShape,
  updateBody,
} from './connection-profile.schema.ts';
import {
  type ConnectionProfile,
  connectionProfilesCollection,
  connectionProfilesOf,
} from './connection-profile.store.ts';
import { connectionProfileTemplates } from './connection-profile-templates.ts';

const PATH = '/api/v2/connection-profiles';
const TAG = 'connection-profiles';
const NOUN = 'connection profile';
const READ = ['read:connection_profiles'];

const take = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 10, description: 'Number of results per page. Defaults to 5.' }),
);

/** Recorded: these two are shown whether or not they were set. */
function present(_ctx: Context, profile: ConnectionProfile): object {
  return { connection_config: null, strategy_overrides: null, ...profile };
}

/** `/api/v2/connection-profiles` and its templates. */
export const connectionProfileEndpoints: Endpoint[] = [
  ...templateEndpoints({
    path: PATH,
    tag: TAG,
    noun: NOUN,
    scopes: READ,
    shape: templateShape,
    templates: connectionProfileTemplates,
  }),
  ...resource<ConnectionProfile, ConnectionProfileBody, Partial<ConnectionProfileBody>>({
    path: PATH,
    param: 'id',
    tag: TAG,
    noun: NOUN,
    collection: connectionProfilesCollection,
    shape: profileShape,
    missing: { message: 'Connection profile not found.' },
    present,
    list: {
      summary: 'Get connection profiles',
      scopes: READ,
      key: 'connection_profiles',
      checkpoint: 'only',
      pageSize: 5,
      filters: { take },
    },
    create: {
      summary: 'Create a connection profile',
      scopes: ['create:connection_profiles'],
      body: createBody,
      run: (ctx, body) => connectionProfilesOf(ctx).insert({ id: prefixedId(ctx.random, 'cop_', 22), ...body }),
    },
    get: { summary: 'Get a connection profile', scopes: READ },
    update: {
      summary: 'Modify a connection profile',
      scopes: ['update:connection_profiles'],
      body: updateBody,
      run: async (ctx, profile, change) =>
        (await connectionProfilesOf(ctx).update(profile.id, (current) => ({ ...current, ...change }))) ?? profile,
    },
    delete: { summary: 'Delete a connection profile', scopes: ['delete:connection_profiles'] },
  }),
];
