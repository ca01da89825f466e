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
import { listIdentityProviders } from './find-identity-provider.ts';
import { presentIdentityProvider } from './present.ts';
import { providerCall } from './provider-call.ts';

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
const about = 'idp';

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

const get = providerCall({
  method: 'GET',
  path: '',
  name: 'getMyOrganizationIdentityProvider',
  summary: 'Get an identity provider of the organization',
  scopes: ['read:my_org:identity_providers'],
  replies: { 200: shape },
  async handle(ctx, visit, provider) {
    return json(200, await presentIdentityProvider(ctx, visit, provider));
  },
});

const update = providerCall({
  method: 'PATCH',
  path: '',
  name: 'updateMyOrganizationIdentityProvider',
  summary: 'Change an identity provider of the organization',
  scopes: ['update:my_org:identity_providers'],
  body: updateBody,
  replies: { 200: shape },
  async handle(ctx, visit, provider, { body }) {
    return json(
      200,
      await presentIdentityProvider(ctx, visit, await changeIdentityProvider(ctx, visit, provider, body)),
    );
  },
});

const refresh = providerCall({
  method: 'PUT',
  path: '/update-attributes',
  name: 'updateMyOrganizationIdentityProviderAttributes',
  summary: 'Give an identity provider the attributes that the tenant has now',
  scopes: ['update:my_org:identity_providers'],
  body: closed({}),
  replies: { 200: shape },
  async handle(ctx, visit, provider) {
    return json(200, await presentIdentityProvider(ctx, visit, await refreshAttributes(ctx, visit, provider)));
  },
});

const remove = providerCall({
  method: 'DELETE',
  path: '',
  name: 'deleteMyOrganizationIdentityProvider',
  summary: 'Delete an identity provider of the organization',
  scopes: ['delete:my_org:identity_providers'],
  apart: true,
  replies: { 204: 'Gone, with its users.' },
  async handle(ctx, visit, provider) {
    await deleteIdentityProvider(ctx, visit, provider);
    return empty(204);
  },
});

const detach = providerCall({
  method: 'POST',
  path: '/detach',
  name: 'detachMyOrganizationIdentityProvider',
  summary: 'Take an identity provider out of the organization',
  scopes: ['update:my_org:identity_providers_detach'],
  replies: { 204: 'The organization has it no more; the connection and its users stay.' },
  async handle(ctx, _visit, provider) {
    await detachIdentityProvider(ctx, provider);
    return empty(204);
  },
});

const addOne = providerCall({
  method: 'POST',
  path: '/domains',
  name: 'addMyOrganizationIdentityProviderDomain',
  summary: 'Have an identity provider speak for a domain of the organization',
  scopes: ['create:my_org:identity_providers_domains'],
  body: closed({ domain: text('Domain name.', 255) }),
  replies: { 201: Type.Object({ domain: Type.String() }) },
  async handle(ctx, visit, provider, { body }) {
    return json(201, { domain: await addDomain(ctx, visit, provider, body.domain) });
  },
});

const removeOne = providerCall({
  method: 'DELETE',
  path: '/domains/:domain',
  name: 'removeMyOrganizationIdentityProviderDomain',
  summary: 'Have an identity provider speak for a domain no more',
  scopes: ['delete:my_org:identity_providers_domains'],
  params: { domain: Type.String({ description: 'Domain name.' }) },
  replies: { 204: 'Gone.' },
  async handle(ctx, _visit, provider, { params: { domain } }) {
    await removeDomain(ctx, provider, domain);
    return empty(204);
  },
});

/** `/my-org/identity-providers` */
export const identityProviderEndpoints = [
  ...[...list, ...create, ...get, ...update, ...refresh],
  ...[...remove, ...detach, ...addOne, ...removeOne],
];
