import { shapes } from '../../kernel/index.ts';
import type { Organization } from './organization.store.ts';

const { answer, body, choice, flag, list, openRecord, record, text, tokenQuota } = shapes;

/** What a caller sends to make an organization. */
export type OrganizationBody = Omit<Organization, 'id' | 'created_at'> & {
  readonly metadata?: Readonly<Record<string, string | null>>;
  readonly enabled_connections?: readonly EnabledConnectionBody[];
};

/** What may be changed of one; `null` takes a member away. */
export type OrganizationChange = {
  readonly [K in keyof OrganizationBody]?: OrganizationBody[K] | null;
};

export interface EnabledConnectionBody {
  readonly connection_id: string;
  readonly assign_membership_on_login?: boolean;
  readonly is_signup_enabled?: boolean;
  readonly show_as_button?: boolean;
}

/** What becomes of a login with a connection. */
export const connectionMembers = {
  assign_membership_on_login: flag('Whether users who log in with it become members.'),
  show_as_button: flag('Whether the login page shows a button for it (enterprise connections).'),
  is_signup_enabled: flag('Whether people may sign up at the organization (database connections).'),
};

const branding = record(
  {
    logo_url: text('URL of the logo on the login page.', { format: 'strict-https-uri-or-null' }),
    colors: record(
      {
        primary: text('Colour of buttons and links.', { format: 'html-color' }),
        page_background: text('Colour of the page.', { format: 'html-color' }),
      },
      'Colours of the login page.',
      { required: ['primary', 'page_background'] },
    ),
  },
  'How the login page looks.',
);

const metadata = openRecord({}, 'Up to 25 texts.', {
  maxProperties: 25,
  additionalProperties: { type: ['string', 'null'], maxLength: 255 },
});

const name = text('The name of this organization.', { minLength: 1, maxLength: 50, format: 'organization-name' });
const display_name = text('Friendly name of this organization.', { minLength: 1, maxLength: 255 });

const access = {
  third_party_client_access: choice(['allow', 'block'], 'Whether people log in with applications of third parties.'),
  is_app_entitlement_active: flag('Whether members log in to those applications only that the organization names.'),
};

export const createBody = body<OrganizationBody>(
  {
    name,
    display_name,
    branding,
    metadata,
    enabled_connections: list(
      record({ connection_id: text('ID of the connection.'), ...connectionMembers }, 'A connection.', {
        required: ['connection_id'],
      }),
      'Connections that users may log in with.',
    ),
    token_quota: tokenQuota(),
    ...access,
  },
  { required: ['name'] },
);

export const updateBody = body<OrganizationChange>({
  name,
  display_name,
  branding,
  metadata,
  token_quota: tokenQuota({ nullable: true }),
  ...access,
});

export const organizationShape = answer({
  id: text('ID of the organization.'),
  name,
  display_name,
  branding,
  metadata,
  token_quota: tokenQuota(),
  ...access,
});
