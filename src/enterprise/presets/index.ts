/**
 * Services that are known by name (`addons.slack`, `addons.zendesk` …): each is the SAML provider, or that of WS-Federation, with settings
 * that follow from a few of its own.
 */
import type { AddonSettings, Addons, StoredClient } from '../../resources/clients/index.ts';
import type { SamlPreset } from './preset.ts';
import { samlPresets } from './saml-presets.ts';
import { sharePointAddresses } from './share-point.ts';

interface Chosen {
  readonly preset: SamlPreset;
  readonly settings: AddonSettings;
}

/** The service that a client is, if it is one that speaks SAML and the client has no settings of SAML itself. */
export function samlPresetOf({ addons }: StoredClient): Chosen | undefined {
  const all = (addons ?? {}) as Addons;
  if (all.samlp) return undefined;
  const name = Object.keys(samlPresets).find((one) => all[one]);
  const [preset, settings] = name === undefined ? [] : [samlPresets[name], all[name]];
  return preset && settings ? { preset, settings } : undefined;
}

/** Is the client SharePoint, which speaks WS-Federation and has no settings for that? */
export const isSharePoint = ({ addons }: StoredClient): boolean => ((addons ?? {}) as Addons).sharepoint !== undefined;

/** Where the client's service takes answers, besides the addresses that are registered. */
export function presetAddresses(client: StoredClient): readonly string[] {
  const chosen = samlPresetOf(client);
  if (chosen) return chosen.preset.addresses(chosen.settings);
  return sharePointAddresses(((client.addons ?? {}) as Addons).sharepoint);
}
