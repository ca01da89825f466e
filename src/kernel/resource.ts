import type { Context } from './context.ts';
import { type Endpoint, empty, endpoint, json } from './endpoint.ts';
import { managementError } from './failure.ts';
import { managementWrite } from './management-write.ts';
import {
  askedOf,
  chooseFields,
  type DeleteOperation,
  type Loose,
  membersOf,
  type Operation,
  pascal,
  type Resource,
  selectionOf,
} from './resource-declaration.ts';
import { listEndpoint } from './resource-list.ts';
import { closed, Type } from './schema.ts';

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
      return json(200, chooseFields(declared, await declared.present(ctx, document, asked), asked.query));
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
      return json(status, await (update.present ?? declared.present)(ctx, updated, asked));
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
      const stored = ctx.store.collection(declared.collection);
      const key = String(document[declared.collection.key]);
      // Whoever holds it to write what hangs on it is waited for, and that goes too.
      await stored.update(key, () => undefined);
      await (removal.run ? removal.run(ctx, document) : stored.delete(key));
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
