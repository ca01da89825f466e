import type { Context } from '../../../kernel/index.ts';
import type { Visit } from '../visit.ts';
import { attributesOf } from './attribute-mapping.ts';
import type { IdentityProvider } from './find-identity-provider.ts';
import { shownOptions } from './provider-options.ts';

/** An identity provider as its organization sees it. */
export async function presentIdentityProvider(ctx: Context, visit: Visit, found: IdentityProvider): Promise<object> {
  const { connection, settings, level } = found;
  return {
    id: connection.id,
    name: settings.organization_connection_name ?? null,
    strategy: connection.strategy,
    domains: connection.options.domain_aliases ?? [],
    display_name: connection.display_name ?? connection.name,
    show_as_button: settings.show_as_button ?? true,
    assign_membership_on_login: settings.assign_membership_on_login ?? false,
    is_enabled: settings.is_enabled,
    access_level: level,
    options: shownOptions(connection.strategy, connection.options),
    attributes: await attributesOf(ctx, visit, connection),
  };
}
