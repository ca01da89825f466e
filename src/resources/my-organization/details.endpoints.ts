import { closed, json, type Static, Type } from '../../kernel/index.ts';
import { type Organization, type OrganizationChange, updateOrganization } from '../organizations/index.ts';
import { organizationCall } from './organization-call.ts';

const color = (description: string) => Type.String({ pattern: '^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$', description });

const branding = closed(
  {
    logo_url: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        format: 'strict-https-uri-or-null',
        description: 'URL of logo to display on login page.',
      }),
    ),
    colors: Type.Optional(
      closed(
        { primary: color('HEX Color for primary elements.'), page_background: color('HEX Color for background.') },
        { description: 'Color scheme used to customize the login pages.' },
      ),
    ),
  },
  { description: 'How the login pages look.' },
);

const body = closed(
  {
    name: Type.Optional(Type.String({ format: 'organization-name', description: 'The name of this organization.' })),
    display_name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'Friendly name of this organization.' }),
    ),
    branding: Type.Optional(branding),
  },
  { minProperties: 1 },
);

const shape = Type.Object({ id: Type.String(), name: Type.String() }, { additionalProperties: true });

function present({ id, name, display_name, branding: shown }: Organization): object {
  return {
    id,
    name,
    ...(display_name === undefined ? {} : { display_name }),
    ...(shown === undefined ? {} : { branding: shown }),
  };
}

type Change = Static<typeof body>;

/** Null takes the picture away. */
function withoutNullLogo({ branding: sent, ...rest }: Change): OrganizationChange {
  if (!sent) return rest;
  const { logo_url, ...others } = sent;
  return { ...rest, branding: typeof logo_url === 'string' ? { ...others, logo_url } : others };
}

const get = organizationCall({
  about: 'org_details',
  method: 'GET',
  path: '/details',
  name: 'getMyOrganizationDetails',
  summary: 'Get the details of the organization',
  scopes: ['read:my_org:details'],
  replies: { 200: shape },
  handle: async (_ctx, { organization }) => json(200, present(organization)),
});

const update = organizationCall({
  about: 'org_details',
  method: 'PATCH',
  path: '/details',
  name: 'updateMyOrganizationDetails',
  summary: 'Change the details of the organization',
  scopes: ['update:my_org:details'],
  body,
  replies: { 200: shape },
  async handle(ctx, { organization }, { body: change }) {
    return json(200, present(await updateOrganization(ctx, organization, withoutNullLogo(change))));
  },
});

/** `/my-org/details` */
export const detailsEndpoints = [...get, ...update];
