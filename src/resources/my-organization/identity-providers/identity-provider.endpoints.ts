import { closed, empty, json, oneOf, Type } from '../../../kernel/index.ts';
import { organizationCall } from '../organization-call.ts';
import {
  changeIdentityProvider,
  deleteIdentityProvider,
  detachIdentityProvider,
  type IdentityProviderChange,
  refreshAttributes,
} from './change.ts';
import { createIdentityProvider, type NewIdentityProvider } from './create.ts';
import { addDomain, removeDomain } from './domain-aliases.ts';
import { listIdentityProviders, requireIdentityProvider } from './find-identity-provider.ts';
import { presentIdentityProvider } from './present.ts';

const STRATEGIES = ['adfs', 'google-apps', 'oidc', 'okta', 'pingfederate', 'samlp', 'waad'] as const;
/** Stored as the organization's name of the connection, which the Management API bounds. */
const LONGEST_NAME = 50;

const text = (description: string, maxLength = 128) => Type.String({ minLength: 1, maxLength, description });
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));

const switches = {
  display_name: Type.Optional(text('Identity provider name used on the login screen.')),
  show_as_button: flag('Whether the login page shows a button for it.'),
  assign_membership_on_login: flag('Whether users become members of the organization when they log in.'),
  is_enabled: flag('Whether the organization’s users may log in with it.'),
};
const options = Type.Unsafe<Readonly<Record<string, unknown>>>({
  type: 'object',
  description: 'Identity provider specific options.',
});

const createBody = Type.Unsafe<NewIdentityProvider>(
  closed({
    name: text('The name of the identity provider', LONGEST_NAME),
    strategy: oneOf(STRATEGIES, { description: 'The type of the identity provider' }),
    domains: Type.Optional(
      Type.Array(Type.String(), { maxItems: 100, description: 'Domains whose people belong there.' }),
    ),
    ...switches,
    options,
  }),
);
const updateBody = Type.Unsafe<IdentityProviderChange>(closed({ ...switches, options: Type.Optional(options) }));

const shape = Type.Object({ id: Type.String(), strategy: Type.String() }, { additionalProperties: true });
const idp_id = Type.String({ description: 'Identity provider identifier.' });
const params = Type.Object({ idp_id });
const about = 'idp';
const ONE = '/identity-providers/:idp_id';

const list = organizationCall({
  about,
  method: 'GET',
  path: '/identity-providers',
  name: 'listMyOrganizationIdentityProviders',
  summary: 'Get the identity providers of the organization',
  scopes: ['read:my_org:identity_providers'],
  replies: { 200: Type.Object({ identity_providers: Type.Array(shape) }) },
  async handle(ctx, visit) {
    const found = await listIdentityProviders(ctx, visit);
    const identity_providers = await Promise.all(found.map((one) => presentIdentityProvider(ctx, visit, one)));
    return json(200, { identity_providers });
  },
});

const create = organizationCall({
  about,
  method: 'POST',
  path: '/identity-providers',
  name: 'createMyOrganizationIdentityProvider',
  summary: 'Set up an identity provider for the organization',
  scopes: ['create:my_org:identity_providers'],
  body: createBody,
  replies: { 201: shape },
  async handle(ctx, visit, { body }) {
    return json(201, await presentIdentityProvider(ctx, visit, await createIdentityProvider(ctx, visit, body)));
  },
});

const get = organizationCall({
  about,
  method: 'GET',
  path: ONE,
  name: 'getMyOrganizationIdentityProvider',
  summary: 'Get an identity provider of the organization',
  scopes: ['read:my_org:identity_providers'],
  params,
  replies: { 200: shape },
  async handle(ctx, visit, { params: { idp_id: id } }) {
    return json(200, await presentIdentityProvider(ctx, visit, await requireIdentityProvider(ctx, visit, id)));
  },
});

const update = organizationCall({
  about,
  method: 'PATCH',
  path: ONE,
  name: 'updateMyOrganizationIdentityProvider',
  summary: 'Change an identity provider of the organization',
  scopes: ['update:my_org:identity_providers'],
  params,
  body: updateBody,
  replies: { 200: shape },
  async handle(ctx, visit, { params: { idp_id: id }, body }) {
    const found = await requireIdentityProvider(ctx, visit, id);
    return json(200, await presentIdentityProvider(ctx, visit, await changeIdentityProvider(ctx, visit, found, body)));
  },
});

const refresh = organizationCall({
  about,
  method: 'PUT',
  path: `${ONE}/update-attributes`,
  name: 'updateMyOrganizationIdentityProviderAttributes',
  summary: 'Give an identity provider the attributes that the tenant has now',
  scopes: ['update:my_org:identity_providers'],
  params,
  body: closed({}),
  replies: { 200: shape },
  async handle(ctx, visit, { params: { idp_id: id } }) {
    const found = await requireIdentityProvider(ctx, visit, id);
    return json(200, await presentIdentityProvider(ctx, visit, await refreshAttributes(ctx, visit, found)));
  },
});

const remove = organizationCall({
  about,
  method: 'DELETE',
  path: ONE,
  name: 'deleteMyOrganizationIdentityProvider',
  summary: 'Delete an identity provider of the organization',
  scopes: ['delete:my_org:identity_providers'],
  params,
  apart: true,
  replies: { 204: 'Gone, with its users.' },
  async handle(ctx, visit, { params: { idp_id: id } }) {
    await deleteIdentityProvider(ctx, visit, await requireIdentityProvider(ctx, visit, id));
    return empty(204);
  },
});

const detach = organizationCall({
  about,
  method: 'POST',
  path: `${ONE}/detach`,
  name: 'detachMyOrganizationIdentityProvider',
  summary: 'Take an identity provider out of the organization',
  scopes: ['update:my_org:identity_providers_detach'],
  params,
  replies: { 204: 'The organization has it no more; the connection and its users stay.' },
  async handle(ctx, visit, { params: { idp_id: id } }) {
    await detachIdentityProvider(ctx, await requireIdentityProvider(ctx, visit, id));
    return empty(204);
  },
});

const addOne = organizationCall({
  about,
  method: 'POST',
  path: `${ONE}/domains`,
  name: 'addMyOrganizationIdentityProviderDomain',
  summary: 'Have an identity provider speak for a domain of the organization',
  scopes: ['create:my_org:identity_providers_domains'],
  params,
  body: closed({ domain: text('Domain name.', 255) }),
  replies: { 201: Type.Object({ domain: Type.String() }) },
  async handle(ctx, visit, { params: { idp_id: id }, body }) {
    const found = await requireIdentityProvider(ctx, visit, id);
    return json(201, { domain: await addDomain(ctx, visit, found, body.domain) });
  },
});

const removeOne = organizationCall({
  about,
  method: 'DELETE',
  path: `${ONE}/domains/:domain`,
  name: 'removeMyOrganizationIdentityProviderDomain',
  summary: 'Have an identity provider speak for a domain no more',
  scopes: ['delete:my_org:identity_providers_domains'],
  params: Type.Object({ idp_id, domain: Type.String({ description: 'Domain name.' }) }),
  replies: { 204: 'Gone.' },
  async handle(ctx, visit, { params: { idp_id: id, domain } }) {
    await removeDomain(ctx, await requireIdentityProvider(ctx, visit, id), domain);
    return empty(204);
  },
});

/** `/my-org/identity-providers` */
export const identityProviderEndpoints = [
  ...[...list, ...create, ...get, ...update, ...refresh],
  ...[...remove, ...detach, ...addOne, ...removeOne],
];
