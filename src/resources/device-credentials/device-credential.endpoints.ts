import {
  answerListInMemory,
  type Context,
  closed,
  type Endpoint,
  empty,
  endpoint,
  fieldSelection,
  managementError,
  managementWrite,
  optionalText,
  paging,
  type RequestParts,
  selectFields,
  Type,
} from '../../kernel/index.ts';
import { type Family, livingFamilies, revokeRefreshTokenFamily } from '../refresh-tokens/index.ts';

const PATH = '/api/v2/device-credentials';
const FIELDS = ['device_name', 'id', 'device_id', 'type', 'user_id', 'client_id'];
const TYPES = ['public_key', 'refresh_token', 'rotating_refresh_token'] as const;
const PREFIX = 'dcr_';
const ID_LENGTH = 16;

/** The beginning of the family's id: 64 bits of it are as good as all. */
const idOf = ({ token }: Family) => `${PREFIX}${token.family_id.slice(0, ID_LENGTH)}`;

function present(family: Family): Record<string, unknown> {
  const { user_id, client_id, device, used_from, rotating } = family.token;
  const device_name = device ?? used_from?.initial_user_agent;
  return {
    id: idOf(family),
    ...(device_name ? { device_name } : {}),
    type: rotating ? 'rotating_refresh_token' : 'refresh_token',
    user_id,
    client_id,
  };
}

interface Filter {
  readonly user_id?: string | undefined;
  readonly client_id?: string | undefined;
  readonly type?: (typeof TYPES)[number] | undefined;
}

async function find(ctx: Context, { user_id, client_id, type = 'refresh_token' }: Filter): Promise<Family[]> {
  if (type === 'public_key') return [];
  if (user_id === undefined) {
    const text = "Query validation error: 'Missing required property: user_id'.";
    throw managementError(400, text, 'invalid_query_string');
  }
  const families = await livingFamilies(ctx, client_id === undefined ? { user_id } : { user_id, client_id });
  return families.filter(({ token }) => token.rotating === (type === 'rotating_refresh_token'));
}

const list = endpoint({
  method: 'GET',
  path: PATH,
  name: 'listDeviceCredentials',
  summary: 'Get the refresh tokens of a user as devices',
  tag: 'device-credentials',
  surface: 'management',
  scopes: ['read:device_credentials'],
  query: closed({
    ...paging,
    ...fieldSelection(FIELDS),
    user_id: optionalText('ID of the user; needed for refresh tokens.'),
    client_id: optionalText('ID of the client.'),
    type: Type.Optional(
      Type.Union(
        TYPES.map((name) => Type.Literal(name)),
        { description: 'Default: refresh_token.' },
      ),
    ),
  }),
  replies: { 200: Type.Unknown({ description: 'The list, bare or with totals.' }) },
  async handle(ctx, { query, url }) {
    const show = (family: Family) => selectFields(present(family), query.fields, query.include_fields);
    return answerListInMemory(await find(ctx, query), { key: 'device_credentials', idOf, show }, query, url);
  },
});

const remove = managementWrite({
  method: 'DELETE',
  path: `${PATH}/:id`,
  name: 'deleteDeviceCredential',
  summary: 'Take a device its refresh token away',
  tag: 'device-credentials',
  scopes: ['delete:device_credentials', 'delete:current_user_device_credentials'],
  params: Type.Object({ id: Type.String({ pattern: '^dcr_[A-Za-z0-9]{16}$', description: 'ID of the credential.' }) }),
  replies: { 204: 'The refresh token is revoked, or never was.', 403: "It is not one of the token's own user." },
  async handle(ctx, request) {
    const start = request.params.id.slice(PREFIX.length);
    // Ids are hexadecimal: whatever begins with this one comes before what begins with it and a `g`.
    const [family] = await livingFamilies(ctx, { family_id: { gte: start, lt: `${start}g` } });
    if (!family) return empty(204);
    requireOwn(request, family);
    await revokeRefreshTokenFamily(ctx, family.token.family_id);
    return empty(204);
  },
});

/** WireError 403 when the token is only good for its own user, and that is somebody else. */
function requireOwn(
  { principal }: Pick<RequestParts<unknown, unknown, unknown>, 'principal'>,
  { token }: Family,
): void {
  if (!principal || principal.scopes.has('delete:device_credentials') || principal.subject === token.user_id) return;
  throw managementError(403, 'User to be acted on does not match subject in bearer token.', 'inexistent_user');
}

/** `/api/v2/device-credentials`: all but making one, which is for public keys. */
export const deviceCredentialEndpoints: readonly Endpoint[] = [list, remove];
