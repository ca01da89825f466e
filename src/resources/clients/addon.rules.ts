import { managementError } from '../../kernel/index.ts';
import type { Addons } from './addon-secrets.ts';
import type { Client } from './client.ts';

/** Add-ons that cannot do what they are for, and why. */
const NOT_OFFERED: Readonly<Record<string, string>> = {
  wams: 'Microsoft has shut down Azure Mobile Services',
};

/** What cannot be done is not stored as if it could. WireError 400. */
export function requireOfferedAddons({ addons }: Partial<Client>): void {
  for (const name of Object.keys((addons ?? {}) as Addons)) {
    const reason = Object.hasOwn(NOT_OFFERED, name) ? NOT_OFFERED[name] : undefined;
    if (reason === undefined) continue;
    const text = `Payload validation error: 'addons.${name} is not offered: ${reason}'.`;
    throw managementError(400, text, 'invalid_body');
  }
}
