import type { CollectionDefinition, Where } from './collection.ts';
import type { Context } from './context.ts';
import type { Principal, Reply, RequestParts } from './endpoint.ts';
import { selectFields } from './paging.ts';
import { fieldSelection, type TProperties, type TSchema } from './schema.ts';

/** What an operation may know of the request besides its own input. */
export interface Asked {
  readonly principal: Principal | undefined;
  readonly query: Readonly<Record<string, unknown>>;
  readonly request: RequestParts<unknown, unknown, unknown>;
}

/** The scopes that allow an operation (any of them), and what it is called in the documentation and the log. */
export interface Operation {
  readonly scopes: readonly string[];
  readonly summary: string;
}

type Keep<D> = (document: D) => boolean;

export interface ListOperation<D> extends Operation {
  /** Name of the list inside an answer with totals or a checkpoint: `client_grants`. */
  readonly key: string;
  /** Default page size where Auth0's differs from 50. */
  readonly pageSize?: number;
  /** Whether `from`/`take` is offered; `only`: every answer is a page of these, whatever else is asked for, as Auth0 has it. */
  readonly checkpoint?: boolean | 'only';
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
  /** Members that `sort=member:1` (or `:-1`) may name. */
  readonly sortable?: readonly (keyof D & string)[];
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
    readonly present?: Resource<D, C, U>['present'];
  };
  readonly delete?: DeleteOperation<D>;
}

/** A request whose parts are known by the declaration only. */
export type Loose = RequestParts<unknown, unknown, unknown>;

/** `client grant` → `ClientGrant` */
export const pascal = (noun: string) =>
  noun.replace(/(^|[ -])(\w)/g, (_all, _gap, letter: string) => letter.toUpperCase());
export const membersOf = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;

/** Field selection on the query string, where the resource has it. */
export function selectionOf<D extends object, C, U>({ fields }: Resource<D, C, U>): TProperties {
  return fields ? fieldSelection(fields) : {};
}

export function askedOf(request: Loose): Asked {
  return { principal: request.principal, query: membersOf(request.query), request };
}

/** `shown` with the members that the caller chose. */
export function chooseFields<D extends object, C, U>(
  declared: Resource<D, C, U>,
  shown: unknown,
  query: Asked['query'],
): unknown {
  const { fields, include_fields } = query as { fields?: string; include_fields?: boolean };
  return selectFields(membersOf(shown), fields, include_fields, declared.always);
}
