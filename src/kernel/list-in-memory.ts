import { json, type Reply } from './endpoint.ts';
import { listPage, type PageQuery, sourceInMemory } from './paging.ts';

/** How documents that are all in memory are listed. */
export interface ListInMemory<D> {
  /** The member of the envelope that the list is in. */
  readonly key: string;
  /** What checkpoints go by. */
  readonly idOf: (document: D) => string;
  /** Undefined: it is left out. */
  readonly show: (document: D) => unknown;
}

const PAGE_SIZE = 50;

/** Answers a page of `documents` in the shape that `query` chooses, as `listPage` has it. */
export async function answerListInMemory<D>(
  documents: readonly D[],
  { key, idOf, show }: ListInMemory<D>,
  query: PageQuery,
  url: URL,
): Promise<Reply> {
  const page = await listPage(sourceInMemory(documents, idOf), query, url, PAGE_SIZE);
  const shown = (await Promise.all(page.documents.map(show))).filter((one) => one !== undefined);
  return json(200, page.envelope ? { ...page.envelope, [key]: shown } : shown, page.headers);
}

/** The same where there are checkpoints alone, whatever is asked for. */
export function checkpointed({ from = '', take = PAGE_SIZE }: PageQuery): PageQuery {
  return { from, take };
}
