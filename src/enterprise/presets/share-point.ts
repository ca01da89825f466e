import type { AddonSettings } from '../../resources/clients/index.ts';

/** SharePoint takes tokens at `/_trust/` of each of its web applications, by its inner address and those that the Internet has for it. */
export function sharePointAddresses(settings: AddonSettings | undefined): readonly string[] {
  if (!settings) return [];
  const { url, external_url } = settings;
  const named = [url, external_url].flat().filter((value): value is string => typeof value === 'string');
  return named.map((address) => `${address.replace(/\/+$/, '')}/_trust/`);
}
