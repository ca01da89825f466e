import { managementWrite } from './api-event.ts';
import type { Collection, CollectionDefinition, Query, Where } from './collection.ts';
import type { Context } from './context.ts';
import { type Endpoint, empty, endpoint, json, type Principal, type Reply, type RequestParts } from './endpoint.ts';
import { managementError } from './failure.ts';
import { listPage, type PageQuery, type Slice, selectFields } from './paging.ts';
import { checkpoint, closed, fieldSelection, paging, type TProperties, type TSchema, Type } from './schema.ts';

/** What an operation may know of the request besides its own input. */
export interface Asked {
  readonly principal: Principal | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly request: RequestParts<unknown, unknown, unknown>;
}

/** The scopes that allow an operation (any of them), and what it is called in the documentation and the log. */
interface Operation {
  readonly scopes: readonly string[];
  readonly summary: string;
}

type Keep<D> = (document: D) => boolean;

export interface ListOperation<D> extends Operation {
  /** Name of the list inside an answer with totals or a checkpoint: `client_grants`. */
  readonly key: string;
  /** Default page size where Auth0's differs from 50. */
  readonly pageSize?: number;
  /** Whether `from`/`take` is offered. */
  readonly checkpoint?: boolean;
  /** False: the answer is always a bare array, without paging. */
  readonly paged?: boolean;
  /** Query parameters beside paging and field selection. */
  readonly filters?: TProperties;
  /** Conditions that the database can apply. */
  readonly where?: (query: Asked['query'], ctx: Context) => Where<D> | Promise<Where<D>>;
  /** Conditions that it can't, for collections that are held in memory. */
  readonly keep?: (query: Asked['query'], ctx: Context) => Keep<D> | undefined | Promise<Keep<D> | undefined>;
  readonly orderBy?: keyof D & string;
  readonly descending?: boolean;
  readonly present?: (ctx: Context, document: D, asked: Asked) => unknown;
}

export interface WriteOperation<Body, Result> extends Operation {
  readonly body: TSchema;
  readonly status?: number;
  readonly run: (ctx: Context, body: Body, asked: Asked) => Promise<Result>;
}

export interface DeleteOperation<D> extends Operation {
  /** Removes what hangs on the document, then the document; runs in a transaction. Default: only the document. */
  readonly run?: (ctx: Context, document: D) => Promise<void>;
  /** What a second delete is told; Auth0 answers 204 for most resources. */
  readonly again?: 'done' | 'missing';
  readonly reply?: (ctx: Context, document: D) => Reply;
}

export interface Resource<D extends object, C, U> {
  /** `/api/v2/client-grants` */
  readonly path: string;
  /** Name of the path parameter: `id`. */
  readonly param: string;
  readonly tag: string;
  /** For operation names: `client grant` → `listClientGrants`, `getClientGrant` … */
  readonly noun: string;
  readonly collection: CollectionDefinition<D>;
  /** Schema of one document as answered. */
  readonly shape: TSchema;
  /** The 404. */
  readonly missing: { readonly message: string; readonly errorCode?: string };
  /** Names that `fields` accepts; absent where the resource has no field selection. */
  readonly fields?: readonly string[];
  /** Members that `fields` can't take away. */
  readonly always?: readonly string[];
  /** Default: by key. Answers undefined when there is no such document, or the caller may not know of it. */
  readonly find?: (ctx: Context, id: string) => Promise<D | undefined>;
  readonly present: (ctx: Context, document: D, asked: Asked) => unknown;
  readonly list?: ListOperation<D>;
  readonly get?: Operation;
  readonly create?: WriteOperation<C, D> & { readonly present?: Resource<D, C, U>['present'] };
  readonly update?: Omit<WriteOperation<U, D>, 'run'> & {
    readonly run: (ctx: Context, document: D, body: U, asked: Asked) => Promise<D>;
  };
  readonly delete?: DeleteOperation<D>;
}

type Loose = RequestParts<unknown, unknown, unknown>;

const pascal = (noun: string) => noun.replace(/(^|[ -])(\w)/g, (_all, _gap, letter: string) => letter.toUpperCase());
const membersOf = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;

/**
 * Declares a Management resource; list, get, create, update and delete come out as endpoints, each only where declared. What does not
 * fit stands beside it as an `endpoint()` or `managementWrite()`.
 */
export function resource<D extends object, C = unknown, U = unknown>(declared: Resource<D, C, U>): Endpoint[] {
  return [
    declared.list && listEndpoint(declared, declared.list),
    declared.create && createEndpoint(declared, declared.create),
    declared.get && getEndpoint(declared, declared.get),
    declared.update && updateEndpoint(declared, declared.update),
    declared.delete && deleteEndpoint(declared, declared.delete),
  ].filter((one) => one !== undefined);
}

function listEndpoint<D extends object, C, U>(declared: Resource<D, C, U>, list: ListOperation<D>): Endpoint {
  const paged = list.paged ?? true;
  const query = closed({
    ...selectionOf(declared),
    ...(paged ? paging : {}),
    ...(list.checkpoint ? checkpoint : {}),
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
      const show = async (document: D) => select(declared, await present(ctx, document, asked), asked.query);
      if (!paged) return json(200, await Promise.all((await source.select({})).map(show)));
      const page = asked.query as PageQuery;
      const { documents, envelope, headers } = await listPage(source, page, request.url, list.pageSize ?? 50);
      const shown = await Promise.all(documents.map(show));
      return json(200, envelope ? { ...envelope, [list.key]: shown } : shown, headers);
    },
  });
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
  const order = { orderBy: list.orderBy ?? declared.collection.key, descending: list.descending ?? false };
  if (keep) return { ...sliceInMemory(await matching(collection, { where, ...order }, keep), keyOf), keyOf };
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

async function matching<D extends object>(collection: Collection<D>, query: Query<D>, keep: (document: D) => boolean) {
  return (await collection.list(query)).filter(keep);
}

function sliceInMemory<D>(documents: readonly D[], keyOf: (document: D) => string) {
  return {
    count: async () => documents.length,
    select: async ({ after, offset = 0, limit = documents.length }: Slice) => {
      if (after === undefined) return documents.slice(offset, offset + limit);
      const following = documents.filter((document) => keyOf(document) > after);
      return following.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)).slice(0, limit);
    },
  };
}

function getEndpoint<D extends object, C, U>(declared: Resource<D, C, U>, get: Operation): Endpoint {
  return endpoint({
    ...shared(declared, 'get', get, `${declared.path}/:${declared.param}`),
    method: 'GET',
    surface: 'management',
    params: pathOf(declared),
    query: closed(selectionOf(declared)),
    replies: { 200: declared.shape },
    async handle(ctx, request: Loose) {
      const asked = askedOf(request);
      const document = await requireDocument(ctx, declared, request);
      return json(200, select(declared, await declared.present(ctx, document, asked), asked.query));
    },
  });
}

function createEndpoint<D extends object, C, U>(
  declared: Resource<D, C, U>,
  create: NonNullable<Resource<D, C, U>['create']>,
): Endpoint {
  const status = create.status ?? 201;
  return managementWrite({
    ...shared(declared, 'create', create, declared.path),
    method: 'POST',
    body: create.body,
    replies: { [status]: declared.shape },
    async handle(ctx, request: Loose) {
      const asked = askedOf(request);
      const document = await create.run(ctx, request.body as C, asked);
      return json(status, await (create.present ?? declared.present)(ctx, document, asked));
    },
  });
}

function updateEndpoint<D extends object, C, U>(
  declared: Resource<D, C, U>,
  update: NonNullable<Resource<D, C, U>['update']>,
): Endpoint {
  const status = update.status ?? 200;
  return managementWrite({
    ...shared(declared, 'update', update, `${declared.path}/:${declared.param}`),
    method: 'PATCH',
    params: pathOf(declared),
    body: update.body,
    replies: { [status]: declared.shape },
    async handle(ctx, request: Loose) {
      const asked = askedOf(request);
      const document = await requireDocument(ctx, declared, request);
      const updated = await update.run(ctx, document, request.body as U, asked);
      return json(status, await declared.present(ctx, updated, asked));
    },
  });
}

function deleteEndpoint<D extends object, C, U>(declared: Resource<D, C, U>, removal: DeleteOperation<D>): Endpoint {
  return managementWrite({
    ...shared(declared, 'delete', removal, `${declared.path}/:${declared.param}`),
    method: 'DELETE',
    params: pathOf(declared),
    replies: { 204: 'Deleted.' },
    async handle(ctx, request: Loose) {
      const document = await findDocument(ctx, declared, request);
      if (!document && removal.again === 'missing') throw missing(declared);
      if (!document) return empty(204);
      await ctx.store.transaction(async () => {
        if (removal.run) return removal.run(ctx, document);
        await ctx.store.collection(declared.collection).delete(String(document[declared.collection.key]));
      });
      return removal.reply?.(ctx, document) ?? empty(204);
    },
  });
}

function shared<D extends object, C, U>(declared: Resource<D, C, U>, verb: string, operation: Operation, path: string) {
  const { scopes, summary } = operation;
  return { path, name: verb + pascal(declared.noun), summary, scopes, tag: declared.tag };
}

function pathOf<D extends object, C, U>({ param, noun }: Resource<D, C, U>) {
  return Type.Object({ [param]: Type.String({ description: `ID of the ${noun}.` }) });
}

function selectionOf<D extends object, C, U>({ fields }: Resource<D, C, U>): TProperties {
  return fields ? fieldSelection(fields) : {};
}

function askedOf(request: Loose): Asked {
  return { principal: request.principal, query: membersOf(request.query), request };
}

function select<D extends object, C, U>(declared: Resource<D, C, U>, shown: unknown, query: Asked['query']): unknown {
  const { fields, include_fields } = query as { fields?: string; include_fields?: boolean };
  return selectFields(membersOf(shown), fields, include_fields, declared.always);
}

async function findDocument<D extends object, C, U>(ctx: Context, declared: Resource<D, C, U>, request: Loose) {
  const id = String(membersOf(request.params)[declared.param]);
  return declared.find ? declared.find(ctx, id) : ctx.store.collection(declared.collection).get(id);
}

async function requireDocument<D extends object, C, U>(
  ctx: Context,
  declared: Resource<D, C, U>,
  request: Loose,
): Promise<D> {
  const document = await findDocument(ctx, declared, request);
  if (!document) throw missing(declared);
  return document;
}

function missing<D extends object, C, U>({ missing: { message, errorCode } }: Resource<D, C, U>) {
  return managementError(404, message, errorCode);
}
