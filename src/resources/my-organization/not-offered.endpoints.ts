import { type Endpoint, type Method, problem } from '../../kernel/index.ts';
import { organizationCall } from './organization-call.ts';

const PROVISIONING = '/identity-providers/:idp_id/provisioning';
const provisioning = (verb: string) => `${verb}:my_org:identity_providers_provisioning`;
const tokens = (verb: string) => `${verb}:my_org:identity_providers_scim_tokens`;

/** Auth0's calls of provisioning by SCIM, which this server does not have: method, path, name, scope. */
const CALLS: readonly (readonly [Method, string, string, string])[] = [
  ['GET', PROVISIONING, 'getMyOrganizationProvisioning', provisioning('read')],
  ['POST', PROVISIONING, 'createMyOrganizationProvisioning', provisioning('create')],
  ['DELETE', PROVISIONING, 'deleteMyOrganizationProvisioning', provisioning('delete')],
  ['PUT', `${PROVISIONING}/update-attributes`, 'updateMyOrganizationProvisioning', provisioning('update')],
  ['GET', `${PROVISIONING}/scim-tokens`, 'listMyOrganizationScimTokens', tokens('read')],
  ['POST', `${PROVISIONING}/scim-tokens`, 'createMyOrganizationScimToken', tokens('create')],
  ['DELETE', `${PROVISIONING}/scim-tokens/:token_id`, 'deleteMyOrganizationScimToken', tokens('delete')],
];

/** What is refused, whatever is asked: a caller learns that there is no such thing, and not that something went wrong. */
export const notOfferedEndpoints: Endpoint[] = CALLS.flatMap(([method, path, name, scope]) =>
  organizationCall({
    about: 'idp',
    method,
    path,
    name,
    summary: 'Not offered: provisioning by SCIM',
    scopes: [scope],
    replies: { 404: 'Always.' },
    handle: async () => {
      throw problem('not_found', 'Provisioning of users by SCIM is not offered by this server.');
    },
  }),
);
