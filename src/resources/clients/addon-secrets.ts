import type { Context } from '../../kernel/index.ts';
import type { Client } from './client.ts';

/** What a client's add-ons are set to, by the add-on's name. */
export type Addons = Readonly<Record<string, AddonSettings>>;
export type AddonSettings = Readonly<Record<string, unknown>>;

/** Members that open something at another company's service. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  azure_blob: ['storageAccessKey'],
  azure_sb: ['sasKey'],
  firebase: ['secret', 'private_key'],
  layer: ['privateKey'],
  sap_api: ['servicePassword'],
};
const SEALED = 'sealed:';

const contextOf = (ctx: Context, clientId: string, name: string) =>
  `${ctx.tenant.id}:clients:${clientId}:addons.${name}`;

type Change = (value: string, context: string) => string;

function mapSecrets<C extends Partial<Client>>(ctx: Context, client: C, clientId: string, change: Change): C {
  const addons = client.addons as Addons | undefined;
  if (!addons || !Object.keys(addons).some((name) => Object.hasOwn(SECRETS, name))) return client;
  const entries = Object.entries(addons).map(([name, settings]) => {
    const secrets = (SECRETS[name] ?? []).filter((member) => typeof settings[member] === 'string');
    const changed = secrets.map((member) => [
      member,
      change(settings[member] as string, contextOf(ctx, clientId, `${name}.${member}`)),
    ]);
    return [name, { ...settings, ...Object.fromEntries(changed) }];
  });
  return { ...client, addons: Object.fromEntries(entries) };
}

/** `client` as it is stored after `addons` were written: their secrets sealed. To be called once for each writing of them. */
export function sealAddons<C extends Partial<Client>>(ctx: Context, client: C, clientId: string): C {
  return mapSecrets(ctx, client, clientId, (value, context) => SEALED + ctx.sealer.seal(value, context));
}

/** `client` with the secrets of its add-ons in clear: for the Management API, which shows them (Auth0), and for using them. */
export function openAddons<C extends Partial<Client>>(ctx: Context, client: C, clientId: string): C {
  return mapSecrets(ctx, client, clientId, (value, context) =>
    value.startsWith(SEALED) ? ctx.sealer.open(value.slice(SEALED.length), context) : value,
  );
}
