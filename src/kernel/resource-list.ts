import type { Collection, Query, Where } from './collection.ts';
import type { Context } from './context.ts';
import { type Endpoint, endpoint, json } from './endpoint.ts';
import { listPage, type PageQuery, type Slice, sourceInMemory } from './paging.ts';
import {
  type Asked,
  askedOf,
  chooseFields,
  type ListOperation,
  type Loose,
  pascal,
  type Resource,
  selectionOf,
} from './resource-declaration.ts';
import { checkpoint, closed, paging, sorting, Type } from './schema.ts';

/** `GET` of the collection: filtered, paged, its documents shown one by one. */
export function listEndpoint<D extends object, C, U>(declared: Resource<D, C, U>, list: ListOperation<D>): Endpoint {
  const paged = list.paged ?? true;
  const query = closed({
    ...selectionOf(declared),
    ...(paged ? paging : {}),
    ...(list.checkpoint ? checkpoint : {}),
    ...(list.sortable ? sorting(list.sortable) : {}),
    ...list.filters,
  });
  const present = list.present ?? declared.present;
  return endpoint({
    method: 'GET',
    path: declared.path,
    name: `list${pascal(declared.noun)}s`,
    summary: list.summary,
    tag: declared.tag,
    surface: 'management',
    scopes: list.scopes,
    query,
    replies: { 200: Type.Unknown({ description: 'The list, bare or with totals or the next checkpoint.' }) },
    async handle(ctx, request: Loose) {
      const asked = askedOf(request);
      const source = await sourceOf(ctx, declared, list, asked.query);
      const show = async (document: D) => chooseFields(declared, await present(ctx, document, asked), asked.query);
      if (!paged) return json(200, await Promise.all((await source.select({})).map(show)));
      const page = list.checkpoint === 'only' ? checkpointOf(list, asked.query) : asked.query;
      const { documents, envelope, headers } = await listPage(source, page, request.url, list.pageSize ?? 50);
      const shown = await Promise.all(documents.map(show));
      return json(200, envelope ? { ...envelope, [list.key]: shown } : shown, headers);
    },
  });
}

/** Whatever else is asked for, as Auth0 has it. */
function checkpointOf<D>({ pageSize }: ListOperation<D>, query: PageQuery): PageQuery {
  return { from: query.from ?? '', take: query.take ?? pageSize };
}

async function sourceOf<D extends object, C, U>(
  ctx: Context,
  declared: Resource<D, C, U>,
  list: ListOperation<D>,
  query: Asked['query'],
) {
  const collection = ctx.store.collection(declared.collection);
  const where = (await list.where?.(query, ctx)) ?? {};
  const keep = await list.keep?.(query, ctx);
  const keyOf = (document: D) => String(document[declared.collection.key]);
  const order = orderOf(declared, list, query.sort);
  if (keep) return sourceInMemory(await matching(collection, { where, ...order }, keep), keyOf);
  return {
    keyOf,
    count: () => collection.count(where),
    select: ({ after, ...slice }: Slice) => {
      if (after === undefined) return collection.list({ where, ...order, ...slice });
      const following = { ...where, [declared.collection.key]: { gt: after } } as Where<D>;
      return collection.list({ where: following, orderBy: declared.collection.key, ...slice });
    },
  };
}

/** `sort=name:-1` before the resource's own order. The schema has checked the member. */
function orderOf<D extends object, C, U>(declared: Resource<D, C, U>, list: ListOperation<D>, sort: unknown) {
  const [member, direction] = typeof sort === 'string' ? sort.split(':') : [];
  if (member) return { orderBy: member as keyof D & string, descending: direction === '-1' };
  return { orderBy: list.orderBy ?? declared.collection.key, descending: list.descending ?? false };
}

async function matching<D extends object>(collection: Collection<D>, query: Query<D>, keep: (document: D) => boolean) {
  return (await collection.list(query)).filter(keep);
}
