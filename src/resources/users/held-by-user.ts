import {
  answerListInMemory,
  type Context,
  checkpoint,
  checkpointed,
  closed,
  type Endpoint,
  empty,
  endpoint,
  json,
  managementWrite,
  paging,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { requireUser } from './require-user.ts';

type Notes = Readonly<Record<string, string>>;

/** Something that a user has several of, such as a session: shown, noted on and ended by itself or with all others of its user. */
export interface HeldByUser<D> {
  readonly tag: 'sessions' | 'refresh-tokens';
  /** In names of operations: `RefreshToken`. */
  readonly noun: string;
  /** In descriptions: `refresh token`. */
  readonly words: string;
  /** The second half of the scopes: `refresh_tokens`. */
  readonly scope: string;
  /** Of the list of a user's. */
  readonly key: string;
  /** The member that an operator's notes are in. */
  readonly notes: string;
  /** What became of one, and of all. */
  readonly ended: { readonly one: string; readonly all: string };
  readonly idOf: (document: D) => string;
  readonly present: (document: D) => Readonly<Record<string, unknown>>;
  /** Those of a user that are alive. */
  readonly listOf: (ctx: Context, userId: string) => Promise<readonly D[]>;
  /** A living one. Throws WireError 404. */
  readonly require: (ctx: Context, id: string) => Promise<D>;
  /** Replaces the notes, or takes them away. */
  readonly note: (ctx: Context, id: string, notes: Notes | undefined) => Promise<unknown>;
  readonly end: (ctx: Context, id: string) => Promise<unknown>;
  readonly endAllOf: (ctx: Context, userId: string) => Promise<unknown>;
}

/** How anything of this kind is described: by its id, and what else it has. */
export const heldShape = Type.Object({ id: Type.String() }, { additionalProperties: true });

/** The endpoints of `held`, of all of a user's first. */
export function heldEndpoints<D>(held: HeldByUser<D>): readonly Endpoint[] {
  return [listOfUser(held), removeOfUser(held), read(held), change(held), remove(held)];
}

const surface = 'management' as const;

function ofUser({ tag }: Pick<HeldByUser<never>, 'tag'>) {
  const params = Type.Object({ id: Type.String({ description: 'ID of the user.' }) });
  return { tag, params, path: `/api/v2/users/:id/${tag}` };
}

function ofOne({ tag, words }: Pick<HeldByUser<never>, 'tag' | 'words'>) {
  const params = Type.Object({ id: Type.String({ description: `ID of the ${words}.` }) });
  return { tag, params, path: `/api/v2/${tag}/:id` };
}

function listOfUser<D>(held: HeldByUser<D>): Endpoint {
  const { noun, words, scope, key } = held;
  return endpoint({
    ...ofUser(held),
    surface,
    method: 'GET',
    name: `list${noun}sOfUser`,
    summary: `Get the ${words}s of a user`,
    scopes: [`read:${scope}`],
    query: closed({ ...checkpoint, include_totals: paging.include_totals }),
    replies: { 200: Type.Object({ [key]: Type.Array(heldShape), next: Type.Optional(Type.String()) }) },
    async handle(ctx, { params: { id }, query, url }) {
      await requireUser(ctx, id);
      const { idOf, present: show } = held;
      return answerListInMemory(await held.listOf(ctx, id), { key, idOf, show }, checkpointed(query), url);
    },
  });
}

function removeOfUser<D>(held: HeldByUser<D>): Endpoint {
  const { noun, words, scope, ended } = held;
  return managementWrite({
    ...ofUser(held),
    method: 'DELETE',
    name: `delete${noun}sOfUser`,
    summary: `Delete the ${words}s of a user`,
    scopes: [`delete:${scope}`],
    replies: { 202: ended.all },
    async handle(ctx, { params: { id } }) {
      await requireUser(ctx, id);
      await held.endAllOf(ctx, id);
      return empty(202);
    },
  });
}

function read<D>(held: HeldByUser<D>): Endpoint {
  const { noun, words, scope } = held;
  return endpoint({
    ...ofOne(held),
    surface,
    method: 'GET',
    name: `get${noun}`,
    summary: `Get a ${words}`,
    scopes: [`read:${scope}`],
    replies: { 200: heldShape },
    handle: async (ctx, { params: { id } }) => json(200, held.present(await held.require(ctx, id))),
  });
}

function change<D>(held: HeldByUser<D>): Endpoint {
  const { noun, words, scope, notes } = held;
  const metadata = shapes.openRecord({}, `Metadata of the ${words}.`, {
    maxProperties: 25,
    nullable: true,
    additionalProperties: { type: 'string', maxLength: 255 },
  });
  return managementWrite({
    ...ofOne(held),
    method: 'PATCH',
    name: `update${noun}`,
    summary: `Update a ${words}`,
    scopes: [`update:${scope}`],
    body: shapes.body<Readonly<Record<string, Notes | null>>>({ [notes]: metadata }, { minProperties: 1 }),
    replies: { 200: heldShape },
    async handle(ctx, { params: { id }, body }) {
      await held.require(ctx, id);
      await held.note(ctx, id, body[notes] ?? undefined);
      return json(200, held.present(await held.require(ctx, id)));
    },
  });
}

function remove<D>(held: HeldByUser<D>): Endpoint {
  const { noun, words, scope, ended } = held;
  return managementWrite({
    ...ofOne(held),
    method: 'DELETE',
    name: `delete${noun}`,
    summary: `Delete a ${words}`,
    scopes: [`delete:${scope}`],
    replies: { 202: ended.one },
    async handle(ctx, { params: { id } }) {
      await held.end(ctx, id);
      return empty(202);
    },
  });
}
