import type { AttributeMapping, OidcMapping, UserAttributeProfile } from './user-attribute-profile.store.ts';

const SOAP = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const soap = (...names: readonly string[]) => names.map((name) => `${SOAP}/${name}`);
const token = (name: string): OidcMapping => ({ mapping: `\${context.tokenset.${name}}`, display_name: name });
const userinfo = (name: string): OidcMapping => ({ mapping: `\${context.userinfo.${name}}`, display_name: name });

function attribute(
  label: string,
  description: string,
  auth0_mapping: string,
  mappings: Partial<AttributeMapping>,
): AttributeMapping {
  return { description, label, profile_required: false, auth0_mapping, ...mappings };
}

/** What identifies a user where a profile does not say. */
export const USER_ID = {
  oidc_mapping: 'sub',
  saml_mapping: soap('nameidentifier', 'upn', 'name'),
  scim_mapping: 'externalId',
} as const;

const user_attributes: Readonly<Record<string, AttributeMapping>> = {
  preferred_username: attribute('Preferred username', 'Preferred username', 'preferred_username', {
    oidc_mapping: token('preferred_username'),
    strategy_overrides: { oidc: { scim_mapping: 'userName' }, okta: { scim_mapping: 'userName' } },
  }),
  username: attribute('Username', 'Username', 'username', {
    oidc_mapping: token('preferred_username'),
    strategy_overrides: { samlp: { scim_mapping: 'userName' } },
  }),
  upn: attribute('UPN', 'User Principal Name', 'upn', {
    saml_mapping: soap('upn'),
    strategy_overrides: { waad: { scim_mapping: 'userName' } },
  }),
  email: attribute('Email', 'Email', 'email', {
    oidc_mapping: token('email'),
    saml_mapping: soap('emailaddress'),
    scim_mapping: 'emails[primary eq true].value',
    strategy_overrides: { waad: { scim_mapping: 'emails[type eq "work"].value' } },
    profile_required: true,
  }),
  email_verified: attribute('Email verified?', 'Is Email verified?', 'email_verified', {
    oidc_mapping: token('email_verified'),
  }),
  external_id: attribute('External ID', 'External identifier', 'app_metadata.external_id', {
    scim_mapping: 'externalId',
  }),
  blocked: attribute('Blocked', 'User blocked status', 'blocked', { scim_mapping: 'active' }),
  name: attribute('Name', 'Full name', 'name', {
    oidc_mapping: token('name'),
    saml_mapping: soap('name'),
    scim_mapping: 'displayName',
  }),
  given_name: attribute('Given Name', 'First name', 'given_name', {
    oidc_mapping: token('given_name'),
    saml_mapping: soap('givenname', 'name'),
    scim_mapping: 'name.givenName',
  }),
  family_name: attribute('Family Name', 'Last name', 'family_name', {
    oidc_mapping: token('family_name'),
    saml_mapping: soap('surname'),
    scim_mapping: 'name.familyName',
  }),
  middle_name_oidc: attribute('Middle Name', 'Middle name', 'middle_name', { oidc_mapping: token('middle_name') }),
  middle_name_scim: attribute('Middle Name', 'Middle name', 'app_metadata.middle_name', {
    strategy_overrides: { okta: { scim_mapping: 'name.middleName' } },
  }),
  honorific_prefix: attribute('Honorific Prefix', 'Honorific prefix', 'app_metadata.honorific_prefix', {
    strategy_overrides: { okta: { scim_mapping: 'name.honorificPrefix' } },
  }),
  honorific_suffix: attribute('Honorific Suffix', 'Honorific suffix', 'app_metadata.honorific_suffix', {
    strategy_overrides: { okta: { scim_mapping: 'name.honorificSuffix' } },
  }),
  nickname: attribute('Nickname', 'User nickname', 'nickname', {
    oidc_mapping: token('nickname'),
    scim_mapping: 'nickName',
  }),
  picture: attribute('Picture', 'Profile picture URL', 'picture', {
    oidc_mapping: token('picture'),
    scim_mapping: 'photos[type eq "photo"].value',
  }),
  primary_phone_number: attribute('Primary Phone Number', 'Primary phone number', 'app_metadata.primary_phone_number', {
    strategy_overrides: { okta: { scim_mapping: 'phoneNumbers[primary eq true].value' } },
  }),
  work_phone_number: attribute('Work Phone Number', 'Work phone number', 'app_metadata.work_phone_number', {
    strategy_overrides: {
      oidc: { scim_mapping: 'phoneNumbers[type eq "work"].value' },
      samlp: { scim_mapping: 'phoneNumbers[type eq "work"].value' },
      waad: { scim_mapping: 'phoneNumbers[type eq "work"].value' },
    },
  }),
  home_phone_number: attribute('Home Phone Number', 'Home phone number', 'app_metadata.home_phone_number', {
    strategy_overrides: {
      oidc: { scim_mapping: 'phoneNumbers[type eq "home"].value' },
      samlp: { scim_mapping: 'phoneNumbers[type eq "home"].value' },
    },
  }),
  phone_number: attribute('Mobile Phone Number', 'Mobile phone number', 'phone_number', {
    oidc_mapping: token('phone_number'),
    saml_mapping: soap('mobilephone', 'homephone', 'otherphone'),
  }),
  mobile_phone_number_scim: attribute(
    'Mobile Phone Number',
    'Mobile phone number',
    'app_metadata.mobile_phone_number',
    { scim_mapping: 'phoneNumbers[type eq "mobile"].value' },
  ),
  fax_number: attribute('Fax Number', 'Fax number', 'app_metadata.fax_number', {
    strategy_overrides: { waad: { scim_mapping: 'phoneNumbers[type eq "fax"].value' } },
  }),
  street_address: attribute('Street Address', 'Street address', 'app_metadata.street_address', {
    scim_mapping: 'addresses[type eq "work"].streetAddress',
  }),
  city: attribute('City', 'City', 'app_metadata.city', { scim_mapping: 'addresses[type eq "work"].locality' }),
  state: attribute('State', 'State or province', 'app_metadata.state', {
    scim_mapping: 'addresses[type eq "work"].region',
  }),
  postal_code: attribute('Postal Code', 'Postal code', 'app_metadata.postal_code', {
    scim_mapping: 'addresses[type eq "work"].postalCode',
  }),
  postal_address: attribute('Postal Address', 'Postal address', 'app_metadata.postal_address', {
    scim_mapping: 'addresses[type eq "work"].formatted',
  }),
  country: attribute('Country', 'Country', 'app_metadata.country', {
    scim_mapping: 'addresses[type eq "work"].country',
  }),
  profile_url: attribute('Profile URL', 'Profile URL', 'app_metadata.profile_url', { scim_mapping: 'profileUrl' }),
  user_type: attribute('User Type', 'User type', 'app_metadata.user_type', { scim_mapping: 'userType' }),
  title: attribute('Title', 'Title', 'app_metadata.title', { scim_mapping: 'title' }),
  language: attribute('Language', 'Preferred language', 'app_metadata.language', { scim_mapping: 'preferredLanguage' }),
  locale: attribute('Locale', 'User locale', 'app_metadata.locale', { scim_mapping: 'locale' }),
  timezone_oidc: attribute('Timezone', 'User timezone', 'timezone', { oidc_mapping: token('zoneinfo') }),
  timezone_scim: attribute('Timezone', 'User timezone', 'app_metadata.timezone', { scim_mapping: 'timezone' }),
  entitlements: attribute('Entitlements', 'User entitlements', 'app_metadata.entitlements', {
    strategy_overrides: { oidc: { scim_mapping: 'entitlements' }, samlp: { scim_mapping: 'entitlements' } },
  }),
  role_saml: attribute('Role', 'User role', 'role', {
    saml_mapping: ['http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
  }),
  roles_scim: attribute('Roles', 'User roles', 'app_metadata.roles', {
    strategy_overrides: { oidc: { scim_mapping: 'roles' }, samlp: { scim_mapping: 'roles' } },
  }),
  employee_id: attribute('Employee ID', 'Employee identifier', 'app_metadata.employee_id', {
    scim_mapping: `${ENTERPRISE}.employeeNumber`,
  }),
  cost_center: attribute('Cost Center', 'Cost center', 'app_metadata.cost_center', {
    scim_mapping: `${ENTERPRISE}.costCenter`,
  }),
  organization: attribute('Organization', 'Organization', 'app_metadata.organization', {
    scim_mapping: `${ENTERPRISE}.organization`,
  }),
  division: attribute('Division', 'Division', 'app_metadata.division', { scim_mapping: `${ENTERPRISE}.division` }),
  department: attribute('Department', 'Department', 'app_metadata.department', {
    scim_mapping: `${ENTERPRISE}.department`,
  }),
  manager: attribute('Manager', 'Manager', 'app_metadata.manager', { scim_mapping: `${ENTERPRISE}.manager` }),
  groups_saml: attribute("User's groups", "User's groups", 'groups_saml', {
    saml_mapping: ['http://schemas.xmlsoap.org/claims/Group'],
  }),
  federated_groups: attribute('Federated groups', 'Federated groups', 'federated_groups', {
    strategy_overrides: { okta: { oidc_mapping: userinfo('groups') } },
  }),
  federated_locale: attribute('Federated locale', 'Federated locale', 'federated_locale', {
    strategy_overrides: { okta: { oidc_mapping: userinfo('locale') } },
  }),
  federated_zoneinfo: attribute('Federated zone info', 'Federated zone info', 'federated_zoneinfo', {
    strategy_overrides: { okta: { oidc_mapping: { mapping: userinfo('zoneinfo').mapping } } },
  }),
};

interface Template {
  readonly id: string;
  readonly display_name: string;
  readonly template: Omit<UserAttributeProfile, 'id'>;
}

/** What a new profile may begin as (recorded). */
export const userAttributeProfileTemplates: readonly Template[] = [
  {
    id: 'auth0-generic',
    display_name: 'Auth0 Generic User Attribute Profile Template',
    template: {
      name: 'Auth0 Generic User Attribute Profile',
      user_id: {
        ...USER_ID,
        strategy_overrides: {
          samlp: { scim_mapping: 'userName' },
          waad: { oidc_mapping: 'oid' },
          'google-apps': { oidc_mapping: 'email' },
        },
      },
      user_attributes,
    },
  },
];
