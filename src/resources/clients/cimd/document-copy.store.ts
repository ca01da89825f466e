import { type Collection, type Context, collection } from '../../../kernel/index.ts';

/** What is known of the document that a client was made of. Times are milliseconds. */
export interface DocumentCopy {
  readonly client_id: string;
  /** When it is asked for again. Whoever asks puts it off first: one asks at a time. */
  readonly due_at: number;
  readonly etag?: string;
  /** When the keys were last asked for because an assertion named one that nobody knew. */
  readonly keys_asked_at: number;
  /** Why the last attempt failed, if it did, and since when they all have. */
  readonly failure?: string;
  readonly failing_since?: number;
}

export const documentCopiesCollection = collection<DocumentCopy>({
  name: 'client_documents',
  key: 'client_id',
  index: { due_at: 'number' },
});

export function documentCopiesOf(ctx: Context): Collection<DocumentCopy> {
  return ctx.store.collection(documentCopiesCollection);
}

/**
 * Puts `change` upon the copy of a client if `may` still says so: of many who come at once, one gets the copy as it was. Undefined for the
 * others, and where there is none.
 */
export async function claimCopy(
  ctx: Context,
  clientId: string,
  may: (copy: DocumentCopy) => boolean,
  change: Partial<DocumentCopy>,
): Promise<DocumentCopy | undefined> {
  let claimed: DocumentCopy | undefined;
  await documentCopiesOf(ctx).update(clientId, (current) => {
    claimed = may(current) ? current : undefined;
    return claimed && { ...current, ...change };
  });
  return claimed;
}

/** Forgets what is known of the document of a client that is deleted. */
export async function forgetDocumentOf(ctx: Context, clientId: string): Promise<void> {
  await documentCopiesOf(ctx).delete(clientId);
}

/** How an answer may be kept. */
export interface Caching {
  /** Milliseconds. */
  readonly freshMs: number;
  readonly etag?: string | undefined;
}

/** Notes that the document of a client was right just now. */
export async function noteRight(ctx: Context, clientId: string, { freshMs, etag }: Caching): Promise<void> {
  const now = ctx.clock.now();
  const known = await documentCopiesOf(ctx).get(clientId);
  await documentCopiesOf(ctx).put({
    client_id: clientId,
    due_at: now + freshMs,
    ...(etag === undefined ? {} : { etag }),
    keys_asked_at: known?.keys_asked_at ?? now,
  });
}
