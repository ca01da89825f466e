import type { AddonSettings } from '../../resources/clients/index.ts';
import type { SamlSettings } from '../saml-settings.ts';

/** A service that is known by name: what its few settings make of the SAML provider's. */
export interface SamlPreset {
  /** Where the service takes its answers, the usual one first. Addresses that the client registers count beside them. */
  readonly addresses: (settings: AddonSettings) => readonly string[];
  readonly saml: (settings: AddonSettings) => SamlSettings;
  /** Users are known there by their e-mail addresses: those without a verified one are refused. */
  readonly byEmail: boolean;
}

export const textOf = (settings: AddonSettings, name: string): string | undefined => {
  const value = settings[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** One label of a host's name, as accounts are called; undefined where `name` is not set or could be part of anything else. */
export function labelOf(settings: AddonSettings, name: string): string | undefined {
  const value = textOf(settings, name);
  return value !== undefined && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value) ? value : undefined;
}
