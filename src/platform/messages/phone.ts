import { createRequire } from 'node:module';
import type { parsePhoneNumberFromString } from 'libphonenumber-js/min';

let library: typeof parsePhoneNumberFromString | undefined;

/** The library and the numbering plans of all countries, loaded with the first number: a server may idle for days before one comes. */
function parseInternational(...args: Parameters<typeof parsePhoneNumberFromString>) {
  library ??= (
    createRequire(import.meta.url)('libphonenumber-js/min') as { default: typeof parsePhoneNumberFromString }
  ).default;
  return library(...args);
}

/**
 * Reads a phone number in international form (`+1 555 123-9167`) and gives it in E.164 (`+15551239167`), or undefined
 * when it has no `+`, an unknown country code, an extension, letters, or a length that the country does not have.
 * Whether somebody was given the number is not checked: fictional numbers (+1 555…) are numbers.
 */
export function parsePhoneNumber(input: string): string | undefined {
  const trimmed = input.trim();
  if (!/^\+[0-9 ().\-/]{6,40}$/.test(trimmed)) return undefined;
  const phone = parseInternational(trimmed, { extract: false });
  return phone?.isPossible() && phone.ext === undefined ? phone.number : undefined;
}
