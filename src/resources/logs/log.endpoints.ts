import {
  type Context,
  closed,
  type Endpoint,
  endpoint,
  fieldSelection,
  json,
  listPage,
  managementError,
  optionalText,
  type Predicate,
  paging,
  type Slice,
  selectFields,
  Type,
} from '../../kernel/index.ts';
import { type LogEvent, logsOf } from './log.store.ts';
import { logPredicate } from './log-search.ts';

const SCOPES = ['read:logs', 'read:logs_users'];
const FIELDS = [
  ...['date', 'connection', 'client_id', 'client_name', 'ip', 'user_id', 'user_name', 'description', 'user_agent'],
  ...['type', 'details', 'strategy', 'strategy_type'],
];
const DEFAULT_TAKE = 50;

const sort = Type.Optional(
  Type.String({
    pattern: `^(${FIELDS.map((name) => `(${name})`).join('|')})\\:(1|-1)$`,
    description: 'Field to sort by, as field:1 or field:-1.',
  }),
);
const logShape = Type.Object({ log_id: Type.String(), type: Type.String() }, { additionalProperties: true });

interface ListQuery {
  readonly page?: number;
  readonly per_page?: number;
  readonly include_totals?: boolean;
  readonly sort?: string;
}

/** A page of the events that match, newest first unless asked otherwise. */
async function listEvents(ctx: Context, match: Predicate, query: ListQuery, url: URL) {
  const [field = 'log_id', direction = '-1'] = query.sort?.split(':') ?? [];
  // The key is made of the time: sorting by it is sorting by date, to the event.
  const orderBy = [field === 'date' ? 'log_id' : field];
  const logs = logsOf(ctx);
  const source = {
    keyOf: (event: LogEvent) => event.log_id,
    count: () => (query.include_totals ? logs.countMatches(match) : Promise.resolve(0)),
    select: ({ offset = 0, limit = DEFAULT_TAKE }: Slice) =>
      logs.search({ match, orderBy, descending: direction === '-1', offset, limit }),
  };
  return listPage(source, query, url, 50);
}

/** The events that follow `from`, oldest first. */
function eventsAfter(ctx: Context, from: string, take: number): Promise<LogEvent[]> {
  return logsOf(ctx).list({ where: { log_id: { gt: from } }, limit: take });
}

const list = endpoint({
  method: 'GET',
  path: '/api/v2/logs',
  name: 'listLogs',
  summary: 'Search log events',
  tag: 'logs',
  surface: 'management',
  scopes: SCOPES,
  query: closed({
    ...paging,
    ...fieldSelection(FIELDS),
    sort,
    q: optionalText('Query in Lucene query string syntax.'),
    search: optionalText('Query in Lucene query string syntax.'),
    from: optionalText('Log Event Id from which to start selection from.'),
    take: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Number of entries to retrieve.' })),
  }),
  replies: { 200: Type.Unknown({ description: 'Events, bare or with totals.' }) },
  async handle(ctx, { query, url }) {
    const show = (event: LogEvent) => selectFields(event, query.fields, query.include_fields, ['_id', 'log_id']);
    if (query.from !== undefined || query.take !== undefined) {
      const events = await eventsAfter(ctx, query.from ?? '', query.take ?? DEFAULT_TAKE);
      return json(200, events.map(show));
    }
    const match: Predicate = { and: [logPredicate(query.q), logPredicate(query.search)] };
    const { documents, envelope, headers } = await listEvents(ctx, match, query, url);
    const logs = documents.map(show);
    return json(200, envelope ? { ...envelope, length: logs.length, logs } : logs, headers);
  },
});

const get = endpoint({
  method: 'GET',
  path: '/api/v2/logs/:id',
  name: 'getLog',
  summary: 'Get a log event by id',
  tag: 'logs',
  surface: 'management',
  scopes: SCOPES,
  params: Type.Object({ id: Type.String({ description: 'log_id of the log to retrieve.' }) }),
  replies: { 200: logShape, 404: 'There is no such event.' },
  async handle(ctx, { params: { id } }) {
    const event = await logsOf(ctx).get(id);
    if (!event) throw managementError(404, 'The log does not exist.');
    return json(200, event);
  },
});

const ofUser = endpoint({
  method: 'GET',
  path: '/api/v2/users/:id/logs',
  name: 'listUserLogs',
  summary: "Get a user's log events",
  tag: 'users',
  surface: 'management',
  scopes: SCOPES,
  params: Type.Object({ id: Type.String({ description: 'ID of the user of the logs to retrieve' }) }),
  query: closed({ ...paging, sort }),
  replies: { 200: Type.Unknown({ description: 'Events, bare or with totals.' }) },
  async handle(ctx, { params: { id }, query, url }) {
    const match: Predicate = { path: ['user_id'], test: { equals: id } };
    const { documents, envelope, headers } = await listEvents(ctx, match, query, url);
    return json(200, envelope ? { ...envelope, length: documents.length, logs: documents } : documents, headers);
  },
});

/** `/api/v2/logs` and `/api/v2/users/{id}/logs` */
export const logEndpoints: Endpoint[] = [list, get, ofUser];
