import { type Context, problem } from '../../../kernel/index.ts';
import {
  type Connection,
  connectionsOf,
  deleteConnection,
  revealOptions,
  updateConnection,
} from '../../connections/index.ts';
import {
  changeOrganizationConnection,
  removeOrganizationConnection,
  silenceOwnConnections,
} from '../../organizations/index.ts';
import { federatedIdentitiesOf } from '../../users/index.ts';
import type { Visit } from '../visit.ts';
import { requireAttributeMap } from './attribute-mapping.ts';
import { choicesOf, requireFree } from './connection-choices.ts';
import { type IdentityProvider, requireLevel, requireSole } from './find-identity-provider.ts';
import { replaceOptions, requireOptions } from './provider-options.ts';

export interface IdentityProviderChange {
  readonly display_name?: string;
  readonly show_as_button?: boolean;
  readonly assign_membership_on_login?: boolean;
  readonly is_enabled?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * Changes an identity provider, as far as its access level and the application's profile let organizations. Problems 400, 403, 409.
 */
export async function changeIdentityProvider(
  ctx: Context,
  visit: Visit,
  found: IdentityProvider,
  change: IdentityProviderChange,
): Promise<IdentityProvider> {
  const { display_name, options, ...switches } = change;
  requireLevel(found, 'limited');
  if (display_name !== undefined || options) requireLevel(found, 'full');
  if (options) requireOptions(found.connection.strategy, options);
  const setsSwitches = switches.show_as_button !== undefined || switches.assign_membership_on_login !== undefined;
  if (setsSwitches) requireFree(await choicesOf(ctx, visit), switches);
  return ctx.store.transaction(async () => {
    const connection = await changeOwn(ctx, found, { display_name, options });
    const { organization_id, connection_id } = found.settings;
    const settings = await changeOrganizationConnection(ctx, organization_id, connection_id, switches);
    return { ...found, connection, settings };
  });
}

/** In clear: what is written is sealed anew. */
const optionsOf = (ctx: Context, { id, options }: Connection) => revealOptions(ctx, id, options);

/** What is the connection's own, and so everybody's who uses it. */
async function changeOwn(
  ctx: Context,
  found: IdentityProvider,
  { display_name, options }: { display_name: string | undefined; options: IdentityProviderChange['options'] },
) {
  const { connection } = found;
  if (display_name === undefined && !options) return connection;
  await requireSole(ctx, found);
  return updateConnection(ctx, connection, {
    ...(display_name === undefined ? {} : { display_name }),
    ...(options ? { options: replaceOptions(connection.strategy, optionsOf(ctx, connection), options) } : {}),
  });
}

/** Gives the connection the attributes that the application's profile has now. Problems 403, 409. */
export async function refreshAttributes(
  ctx: Context,
  visit: Visit,
  found: IdentityProvider,
): Promise<IdentityProvider> {
  requireLevel(found, 'full');
  const attribute_map = await requireAttributeMap(ctx, visit, found.connection.strategy);
  await requireSole(ctx, found);
  const options = { ...optionsOf(ctx, found.connection), attribute_map };
  return { ...found, connection: await updateConnection(ctx, found.connection, { options }) };
}

/** Takes the identity provider out of the organization; the connection stays, but for whose addresses lead there. Problem 403. */
export async function detachIdentityProvider(ctx: Context, found: IdentityProvider): Promise<void> {
  requireLevel(found, 'full');
  await ctx.store.transaction(async () => {
    const { organization_id, connection_id } = found.settings;
    await silenceOwnConnections(ctx, organization_id, { connection_id });
    await removeOrganizationConnection(ctx, found.settings);
  });
}

/**
 * Deletes the connection with its users, where the application allows that; else only one that has none. Problems 400, 403.
 */
export async function deleteIdentityProvider(ctx: Context, visit: Visit, found: IdentityProvider): Promise<void> {
  requireLevel(found, 'full');
  await requireSole(ctx, found);
  // Users go some at a time, each time in a transaction of its own: with thousands of them one would be too long.
  if (visit.configuration.connection_deletion_behavior === 'allow') return deleteConnection(ctx, found.connection);
  return ctx.store.serially(async () => {
    await connectionsOf(ctx).update(found.connection.id, () => undefined);
    await requireEmpty(ctx, found);
    await deleteConnection(ctx, found.connection);
  });
}

async function requireEmpty(ctx: Context, { connection }: IdentityProvider): Promise<void> {
  if ((await federatedIdentitiesOf(ctx).count({ connection: connection.name })) === 0) return;
  throw problem('bad_request', 'The identity provider has users and cannot be deleted.');
}
