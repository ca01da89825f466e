import {
  type Context,
  type Endpoint,
  endpoint,
  json,
  managementError,
  prefixedId,
  resource,
  Type,
} from '../../kernel/index.ts';
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
const READ = ['read:connection_profiles'];

const take = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 10, description: 'Number of results per page. Defaults to 5.' }),
);

/** Recorded: these two are shown whether or not they were set. */
function present(_ctx: Context, profile: ConnectionProfile): object {
  return { connection_config: null, strategy_overrides: null, ...profile };
}

const listTemplates = endpoint({
  method: 'GET',
  path: `${PATH}/templates`,
  name: 'listConnectionProfileTemplates',
  summary: 'Get connection profile templates',
  tag: TAG,
  surface: 'management',
  scopes: READ,
  replies: { 200: Type.Object({ connection_profile_templates: Type.Array(templateShape) }) },
  handle: async () => json(200, { connection_profile_templates: connectionProfileTemplates }),
});

const getTemplate = endpoint({
  method: 'GET',
  path: `${PATH}/templates/:id`,
  name: 'getConnectionProfileTemplate',
  summary: 'Get a connection profile template',
  tag: TAG,
  surface: 'management',
  scopes: READ,
  params: Type.Object({ id: Type.String({ description: 'ID of the connection-profile-template to retrieve.' }) }),
  replies: { 200: templateShape, 404: 'There is no such template.' },
  async handle(_ctx, { params: { id } }) {
    const template = connectionProfileTemplates.find((one) => one.id === id);
    if (!template) throw managementError(404, 'Connection profile template not found.');
    return json(200, template);
  },
});

/** `/api/v2/connection-profiles` and its templates. */
export const connectionProfileEndpoints: Endpoint[] = [
  listTemplates,
  getTemplate,
  ...resource<ConnectionProfile, ConnectionProfileBody, Partial<ConnectionProfileBody>>({
    path: PATH,
    param: 'id',
    tag: TAG,
    noun: 'connection profile',
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
