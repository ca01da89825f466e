import type { Query } from './collection.ts';
import { managementError } from './failure.ts';

/** How a list was asked for: what the three paging shapes have in common on the query string. */
export interface PageQuery {
  readonly page?: number | undefined;
  readonly per_page?: number | undefined;
  readonly include_totals?: boolean | undefined;
  readonly from?: string | undefined;
  readonly take?: number | undefined;
}

/** Records that page-style lists reach; beyond them a caller uses checkpoints. */
const FARTHEST = 1000;
const DEFAULT_TAKE = 50;

/** Finds `limit` documents from `offset` on, or the `limit` that follow the key `after`. */
export type Slice = Pick<Query<object>, 'offset' | 'limit'> & { readonly after?: string };

/** Where a list comes from: the documents of a slice, and how many there are in all. */
export interface Source<D> {
  select(slice: Slice): Promise<readonly D[]>;
  count(): Promise<number>;
  keyOf(document: D): string;
}

/** Documents that are all in memory, in the order of page-style lists; checkpoints go by key. */
export function sourceInMemory<D>(documents: readonly D[], keyOf: (document: D) => string): Source<D> {
  return {
    keyOf,
    count: async () => documents.length,
    select: async ({ after, offset = 0, limit = documents.length }: Slice) => {
      if (after === undefined) return documents.slice(offset, offset + limit);
      const following = documents.filter((document) => keyOf(document) > after);
      return following.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)).slice(0, limit);
    },
  };
}

export interface Listing<D> {
  readonly documents: readonly D[];
  /** Members beside the list itself: totals or the next checkpoint. Undefined: the answer is a bare array. */
  readonly envelope?: Readonly<Record<string, unknown>>;
  readonly headers: Record<string, string>;
}

/**
 * Answers a list in the shape that `query` chooses: `take`/`from` → `{next?}`; `include_totals` → `{start, limit, total}`; else a bare
 * array. Page-style answers carry a `Link` header (RFC 8288). WireError 400 beyond the 1000th record.
 */
export async function listPage<D>(
  source: Source<D>,
  query: PageQuery,
  url: URL,
  pageSize: number,
): Promise<Listing<D>> {
  if (query.take !== undefined || query.from !== undefined) return takeAfter(source, query);
  const limit = query.per_page ?? pageSize;
  const start = (query.page ?? 0) * limit;
  if (start + limit > FARTHEST) {
    const text = `Requesting page exceeds the allowed maximum of ${FARTHEST} records.`;
    throw managementError(400, text, 'invalid_paging');
  }
  const documents = limit === 0 ? [] : await source.select({ offset: start, limit });
  const total = await source.count();
  const headers = { link: linkHeader(url, query.page ?? 0, limit, total) };
  return query.include_totals ? { documents, envelope: { start, limit, total }, headers } : { documents, headers };
}

async function takeAfter<D>(source: Source<D>, query: PageQuery): Promise<Listing<D>> {
  const limit = query.take ?? DEFAULT_TAKE;
  // Every key follows the empty one: checkpoints go by key from the first page on.
  const found = await source.select({ limit: limit + 1, after: query.from ?? '' });
  const documents = found.slice(0, limit);
  const last = documents.at(-1);
  const next = found.length > limit && last !== undefined ? { next: source.keyOf(last) } : {};
  return { documents, envelope: next, headers: {} };
}

function linkHeader(url: URL, page: number, limit: number, total: number): string {
  const last = limit === 0 ? 0 : Math.max(0, Math.ceil(total / limit) - 1);
  const link = (to: number, rel: string) => {
    const target = new URL(url);
    target.searchParams.set('page', String(to));
    target.searchParams.set('per_page', String(limit));
    return `<${target.href}>; rel="${rel}"`;
  };
  return [
    link(0, 'first'),
    link(last, 'last'),
    ...(page < last ? [link(page + 1, 'next')] : []),
    ...(page > 0 ? [link(page - 1, 'prev')] : []),
  ].join(', ');
}

type Members = Readonly<Record<string, unknown>>;

/**
 * `document` with only the members that `fields` names (comma-separated, `a.b` for a member of a member), or without them when
 * `include` is false. Members in `always` stay in any case. Without `fields` it is answered whole.
 */
export function selectFields(
  document: Members,
  fields: string | undefined,
  include = true,
  always: readonly string[] = [],
): Members {
  if (!fields) return document;
  const paths = fields.split(',').filter(Boolean);
  if (!include) return paths.reduce((rest, path) => without(rest, path.split('.')), document);
  return [...always, ...paths].reduce((chosen, path) => copyMember(document, chosen, path.split('.')), {} as Members);
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function without(document: Members, [name = '', ...deeper]: readonly string[]): Members {
  if (!Object.hasOwn(document, name)) return document;
  const { [name]: value, ...rest } = document;
  if (deeper.length === 0) return rest;
  return isMembers(value) ? { ...rest, [name]: without(value, deeper) } : document;
}

function copyMember(from: Members, to: Members, [name = '', ...deeper]: readonly string[]): Members {
  if (!Object.hasOwn(from, name)) return to;
  const value = from[name];
  if (deeper.length === 0) return { ...to, [name]: value };
  if (!isMembers(value)) return to;
  const already = to[name];
  return { ...to, [name]: copyMember(value, isMembers(already) ? already : {}, deeper) };
}
