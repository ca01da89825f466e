import { json, Type } from '../../kernel/index.ts';
import { featuresOf } from '../connection-profiles/index.ts';
import { choicesOf } from './identity-providers/connection-choices.ts';
import { ORGANIZATION_STRATEGIES } from './identity-providers/provider-options.ts';
import { organizationCall } from './organization-call.ts';
import type { Configuration } from './visit.ts';

/** Provisioning is not offered by this server, whatever the profile would allow. */
const isOffered = (feature: string) => feature !== 'scim';

/** Those that this server has: who is offered others would only be refused. */
const offered = ({ allowed_strategies }: Configuration) =>
  allowed_strategies.filter((strategy) => ORGANIZATION_STRATEGIES.has(strategy));

const SCOPES = ['read:my_org:configuration'];

const get = organizationCall({
  about: 'config',
  method: 'GET',
  path: '/config',
  name: 'getMyOrganizationConfiguration',
  summary: 'Get what the organization may set up',
  scopes: SCOPES,
  replies: {
    200: Type.Object({ allowed_strategies: Type.Array(Type.String()), connection_deletion_behavior: Type.String() }),
  },
  async handle(_ctx, { configuration }) {
    const { connection_deletion_behavior } = configuration;
    return json(200, { allowed_strategies: offered(configuration), connection_deletion_behavior });
  },
});

const getIdentityProviders = organizationCall({
  about: 'config',
  method: 'GET',
  path: '/config/identity-providers',
  name: 'getMyOrganizationIdentityProviderConfiguration',
  summary: 'Get how identity providers may be set up',
  scopes: SCOPES,
  replies: { 200: Type.Object({ organization: Type.Unknown(), strategies: Type.Unknown() }) },
  async handle(ctx, visit) {
    const choices = await choicesOf(ctx, visit);
    const strategies = offered(visit.configuration).map((name) => [
      name,
      { provisioning_methods: [], enabled_features: featuresOf(choices.profile, name).filter(isOffered) },
    ]);
    const organization = {
      can_set_show_as_button: choices.show_as_button.isFree,
      can_set_assign_membership_on_login: choices.assign_membership_on_login.isFree,
    };
    return json(200, { organization, strategies: Object.fromEntries(strategies) });
  },
});

/** `/my-org/config` */
export const configurationEndpoints = [...get, ...getIdentityProviders];
