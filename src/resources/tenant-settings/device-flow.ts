import { managementError } from '../../kernel/index.ts';
import type { TenantSettings } from './settings.store.ts';

/** What the codes look like that devices show their users. */
export interface DeviceFlow {
  readonly charset: 'base20' | 'digits';
  /** Each `*` is a character; hyphens and spaces make the code readable. */
  readonly mask: string;
}

type Stated = { readonly [Member in keyof DeviceFlow]?: DeviceFlow[Member] } | null | undefined;

const DEFAULT_MASKS: Readonly<Record<DeviceFlow['charset'], string>> = { base20: '****-****', digits: '***-***-***' };

/** Auth0: what makes guessing hopeless, together with the limit on guesses (RFC 8628 §5.1). */
const FEWEST: Readonly<Record<DeviceFlow['charset'], number>> = { base20: 8, digits: 9 };

/** The tenant's `device_flow` with what it leaves out. */
export function deviceFlowOf({ device_flow }: TenantSettings): DeviceFlow {
  return completed(device_flow as Stated);
}

function completed(stated: Stated): DeviceFlow {
  const charset = stated?.charset ?? 'base20';
  return { charset, mask: stated?.mask ?? DEFAULT_MASKS[charset] };
}

/** Refuses masks that no code fits, or whose codes could be guessed. WireError 400. */
export function requireDeviceFlow({ device_flow }: Readonly<Record<string, unknown>>): void {
  const { charset, mask } = completed(device_flow as Stated);
  const fewest = FEWEST[charset];
  if (/^[* -]*$/.test(mask) && mask.split('*').length - 1 >= fewest) return;
  const message = `device_flow.mask must have at least ${fewest} asterisks for charset ${charset}, and else only hyphens and spaces`;
  throw managementError(400, message, 'invalid_body');
}
