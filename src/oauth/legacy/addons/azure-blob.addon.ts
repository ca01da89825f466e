import { createHmac } from 'node:crypto';
import type { AddonSettings } from '../../../resources/clients/index.ts';
import { type DelegationAddon, lifetimeOf, misconfigured, setting } from './addon.ts';

const NAME = 'azure_blob';
/** The version of the Storage service whose rules are followed. */
const VERSION = '2020-12-06';

/** The letters of what is permitted, in the order that Azure wants. */
const BLOB = { blob_read: 'r', blob_write: 'w', blob_delete: 'd' };
const CONTAINER = { container_read: 'r', container_write: 'w', container_delete: 'd', container_list: 'l' };

const permissionsOf = (settings: AddonSettings, letters: Readonly<Record<string, string>>) =>
  Object.entries(letters)
    .map(([name, letter]) => (settings[name] === true ? letter : ''))
    .join('');

/** Whole seconds, as Azure writes times. */
const timeOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

interface Grant {
  readonly sp: string;
  readonly st: string;
  readonly se: string;
  readonly si: string;
  /** `b`: one blob, `c`: a container. */
  readonly sr: 'b' | 'c';
  /** `/blob/account/container`, and the blob's name. */
  readonly resource: string;
}

/** Azure Storage, "Create a service SAS": these lines, those that are not used empty (address, snapshot, scope, five headers). */
function sign({ sp, st, se, si, sr, resource }: Grant, key: string): string {
  const lines = [sp, st, se, resource, si, '', 'https', VERSION, sr, '', '', '', '', '', '', ''];
  return createHmac('sha256', Buffer.from(key, 'base64')).update(lines.join('\n')).digest('base64');
}

/** Azure Blob Storage: a Shared Access Signature for the blob that the add-on names, or for the whole container. */
export const azureBlob: DelegationAddon = {
  name: NAME,
  async answer(ctx, request) {
    const { settings } = request;
    const blob = typeof settings.blobName === 'string' ? settings.blobName : '';
    const now = ctx.clock.now();
    const grant: Grant = {
      sp: permissionsOf(settings, blob ? BLOB : CONTAINER),
      st: timeOf(now),
      se: timeOf(now + lifetimeOf(settings)),
      si: typeof settings.signedIdentifier === 'string' ? settings.signedIdentifier : '',
      sr: blob ? 'b' : 'c',
      resource: ['/blob', setting(request, NAME, 'accountName'), setting(request, NAME, 'containerName'), blob]
        .filter((part) => part !== '')
        .join('/'),
    };
    if (!grant.sp && !grant.si) throw misconfigured(NAME, 'it permits nothing');
    const sig = sign(grant, setting(request, NAME, 'storageAccessKey'));
    const { st, se, sp, si, sr } = grant;
    const query = Object.entries({ st, se, sp, si, spr: 'https', sv: VERSION, sr, sig }).filter(([, value]) => value);
    return { azure_blob_sas: query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&') };
  },
};
