import { type AuditEvent, type Context, WireError } from '../../../kernel/index.ts';
import { clientsOf, isDocumentIdOn, type StoredClient } from '../client.store.ts';
import { assessDocument } from './assess-document.ts';
import { claimCopy, type DocumentCopy, documentCopiesOf, forgetDocumentOf, noteRight } from './document-copy.store.ts';
import { DocumentUnavailable, DocumentUnchanged } from './fetch-json.ts';
import { readKeys } from './read-keys.ts';
import { saveDocumentClient, takeKeys } from './save-document-client.ts';

const MINUTE = 60_000;
/** One that could not be had is asked for again after this. */
const RETRY_MS = 15 * MINUTE;
/** So long the last right copy does from the first failure to have another one. */
export const STALE_MS = 7 * 24 * 60 * MINUTE;
const AT_ONCE = 10;

/**
 * Brings the clients up to date whose documents are no longer fresh. Requests never do: however many come, and from whom, each document is
 * asked for as often as its own host wants it, within our bounds, by one process at a time.
 */
export async function refreshDueDocuments(ctx: Context): Promise<void> {
  if (!(await isDocumentIdOn(ctx))) return;
  const now = ctx.clock.now();
  const where = { due_at: { lte: now } };
  const due = await documentCopiesOf(ctx).list({ where, orderBy: 'due_at', limit: AT_ONCE });
  await Promise.all(due.map((copy) => refreshClaimed(ctx, copy)));
}

async function refreshClaimed(ctx: Context, { client_id }: DocumentCopy): Promise<void> {
  const now = ctx.clock.now();
  const claimed = await claimCopy(ctx, client_id, (copy) => copy.due_at <= now, { due_at: now + RETRY_MS });
  if (!claimed) return;
  const client = await clientsOf(ctx).get(client_id);
  if (client?.external_client_id === undefined) {
    await forgetDocumentOf(ctx, client_id);
    return;
  }
  const failure = await refresh(ctx, client, claimed);
  if (failure === undefined) await noteChange(ctx, client);
  else await noteFailure(ctx, client, { copy: claimed, failure });
}

/** Asks for the document and applies it. Answers why it could not; then the client is as it was. */
async function refresh(ctx: Context, client: StoredClient, copy: DocumentCopy): Promise<string | undefined> {
  try {
    const assessment = await assessDocument(ctx, client.external_client_id ?? '', copy.etag);
    if (assessment.violations.length > 0) return assessment.violations.join('; ');
    await saveDocumentClient(ctx, assessment, (existing) => {
      if (existing?.client_id !== client.client_id) throw new DocumentUnavailable('the client is gone');
    });
    return undefined;
  } catch (error) {
    if (error instanceof DocumentUnchanged) return confirm(ctx, client, error);
    if (error instanceof DocumentUnavailable) return error.message;
    if (error instanceof WireError) return String(error.body.message ?? error.message);
    throw error;
  }
}

/** The document is what it was; its keys may have changed. */
async function confirm(
  ctx: Context,
  client: StoredClient,
  { caching }: DocumentUnchanged,
): Promise<string | undefined> {
  const { keys, violations } =
    client.jwks_uri === undefined ? { keys: [], violations: [] } : await readKeys(ctx, client.jwks_uri);
  if (violations.length > 0) return violations.join('; ');
  await ctx.store.transaction(async () => {
    if (client.jwks_uri !== undefined) await takeKeys(ctx, client, keys);
    await clientsOf(ctx).update(
      client.client_id,
      ({ external_metadata_lapsed: _lapsed, ...current }) => current as StoredClient,
    );
    await noteRight(ctx, client.client_id, caching);
  });
  return undefined;
}

/** Members of the row that a document decides. */
const FROM_DOCUMENT = [
  ...[
    'name',
    'app_type',
    'callbacks',
    'logo_uri',
    'description',
    'grant_types',
    'token_endpoint_auth_method',
    'jwks_uri',
  ],
  ...['client_authentication_methods', 'external_metadata_lapsed'],
];

async function noteChange(ctx: Context, before: StoredClient): Promise<void> {
  const after = await clientsOf(ctx).get(before.client_id);
  const changed = FROM_DOCUMENT.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after?.[name]));
  if (changed.length === 0) return;
  const description = 'Update a client from its metadata document';
  await ctx.record([eventOf('sapi', before, { description, details: { changed } })]);
}

interface Failed {
  readonly copy: DocumentCopy;
  readonly failure: string;
}

/** The administrator is told once of each reason, and once that the client can no longer be used. */
async function noteFailure(ctx: Context, client: StoredClient, { copy, failure }: Failed): Promise<void> {
  const now = ctx.clock.now();
  const { failing_since = now } = copy;
  const lapses = now - failing_since >= STALE_MS && client.external_metadata_lapsed !== true;
  if (lapses)
    await clientsOf(ctx).update(client.client_id, (current) => ({ ...current, external_metadata_lapsed: true }));
  await documentCopiesOf(ctx).update(client.client_id, (current) => ({ ...current, failure, failing_since }));
  if (copy.failure === failure && !lapses) return;
  const description = `The metadata document at ${client.external_client_id} could not be applied: ${failure}`;
  await ctx.record([eventOf('fapi', client, { description, details: { failure, lapsed: lapses } })]);
}

function eventOf(
  type: 'sapi' | 'fapi',
  { client_id, name }: StoredClient,
  said: Pick<AuditEvent, 'description' | 'details'>,
): AuditEvent {
  return { type, client_id, client_name: name, ...said };
}
