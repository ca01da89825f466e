import type { Context } from '../../../kernel/index.ts';
import type { Caching } from './document-copy.store.ts';
import { fetchJson } from './fetch-json.ts';
import { type MappedFields, readDocument } from './read-document.ts';
import { type PublishedKey, readKeys } from './read-keys.ts';

const LARGEST_BYTES = 5 * 1024;

/** What a document says, and whether a client may be made of it. */
export interface Assessment {
  readonly mapped: MappedFields;
  readonly keys: readonly PublishedKey[];
  readonly violations: readonly string[];
  readonly warnings: readonly string[];
  readonly caching: Caching;
}

/**
 * Fetches the document at `url`, which must be fit for one, and the keys that it names: those only once all else is right.
 *
 * @param etag of the document that is known, if any
 * @throws DocumentUnavailable; DocumentUnchanged, where `etag` was given
 */
export async function assessDocument(ctx: Context, url: string, etag?: string): Promise<Assessment> {
  const { value, caching } = await fetchJson(ctx, url, LARGEST_BYTES, etag);
  const { mapped, violations, warnings } = readDocument(url, value);
  if (violations.length > 0 || mapped.jwks_uri === undefined)
    return { mapped, keys: [], violations, warnings, caching };
  return { mapped, warnings, caching, ...(await readKeys(ctx, mapped.jwks_uri)) };
}

/** The assessment as the wire shows it. */
export function presentAssessment({ mapped, keys, violations, warnings }: Assessment): object {
  const credentials = keys.map(({ kid, alg }) => ({ credential_type: 'public_key', kid, alg }));
  const methods = keys.length > 0 ? { client_authentication_methods: { private_key_jwt: { credentials } } } : {};
  return {
    mapped_fields: { ...mapped, ...methods },
    validation: { valid: violations.length === 0, violations, warnings },
  };
}
