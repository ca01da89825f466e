import {
  type Context,
  type Endpoint,
  endpoint,
  optionalText,
  type Reply,
  type RequestParts,
  redirect,
  type SetCookie,
  type TProperties,
  Type,
} from '../kernel/index.ts';
import type { ErrorName, FormView } from '../pages/index.ts';
import { errorText, ONWARDS } from '../pages/index.ts';
import {
  type AnyTransaction,
  type Cookies,
  lostTransaction,
  RESUME,
  requireAnyTransaction,
} from '../transactions/index.ts';
import { baseView, showPage } from './page.ts';

/** One request of a person to one page of their login. */
export interface Visit<T extends AnyTransaction = AnyTransaction> {
  readonly transaction: T;
  readonly state: string;
  readonly cookies: Cookies;
  /** What every form needs; its action is this page. */
  readonly view: FormView;
}

/** What was typed: every field of the page, empty where it was left out. */
export type Form = Readonly<Record<string, string>>;

export interface StepDeclaration<T extends AnyTransaction> {
  readonly path: string;
  /** camelCase; `show…` and `submit…` become the names of the operations. */
  readonly name: string;
  /** What the page asks, for the documentation. */
  readonly summary: string;
  /** Fields of the form, besides `state` and `action`. */
  readonly fields: readonly string[];
  /** The login that this page belongs to; a Reply when the page is not what it needs now. */
  readonly accept: (ctx: Context, transaction: AnyTransaction) => T | Reply | Promise<T | Reply>;
  /** The page as it is first shown: its HTML, or where to go instead. */
  readonly show: (ctx: Context, visit: Visit<T>) => Promise<string | Reply>;
  /** Takes what was typed: `proceed`, or the page again by `again`. */
  readonly submit: (ctx: Context, visit: Visit<T>, form: Form) => Promise<Reply>;
}

/**
 * A page of a login: shown by GET, answered by POST, both with the `state` of the login in the browser that began it (which is what
 * keeps other sites from posting here). A step proves one thing and hands on; it never leads to another step by itself.
 */
export function step<T extends AnyTransaction>(declaration: StepDeclaration<T>): readonly Endpoint[] {
  const { path, summary } = declaration;
  const name = declaration.name.charAt(0).toUpperCase() + declaration.name.slice(1);
  const about = { path, tag: 'universal login', surface: 'page' } as const;
  const text = Type.Optional(Type.String());
  const state = { state: optionalText('The login.') };
  const fields: TProperties = Object.fromEntries(declaration.fields.map((field) => [field, text]));
  return [
    endpoint({
      ...about,
      method: 'GET',
      name: `show${name}`,
      summary: `Page: ${summary}`,
      query: Type.Object(state),
      replies: { 200: 'The page.', 302: 'The login needs something else.' },
      handle: (ctx, request) => showStep(ctx, declaration, request, request.query.state),
    }),
    endpoint({
      ...about,
      method: 'POST',
      name: `submit${name}`,
      summary: `Answer to the page: ${summary}`,
      query: Type.Object(state),
      body: Type.Object({ ...fields, ...state, action: text }),
      replies: { 302: 'On to what the login needs next.', 400: 'The page again, with what is wrong.' },
      handle: (ctx, request) =>
        submitStep(ctx, declaration, request, request.body as Record<string, string | undefined>),
    }),
  ];
}

type Sent = Pick<RequestParts<unknown, { state?: string }, unknown>, 'headers' | 'cookies' | 'query'>;

async function showStep<T extends AnyTransaction>(
  ctx: Context,
  declaration: StepDeclaration<T>,
  sent: Sent,
  state: string | undefined,
): Promise<Reply> {
  const visit = await visitOf(ctx, declaration, sent, state);
  if (isReply(visit)) return visit;
  const shown = await declaration.show(ctx, visit);
  return typeof shown === 'string' ? page(visit, 200, shown) : shown;
}

async function submitStep<T extends AnyTransaction>(
  ctx: Context,
  declaration: StepDeclaration<T>,
  sent: Sent,
  body: Record<string, string | undefined>,
): Promise<Reply> {
  const state = body.state ?? sent.query.state;
  if (sent.query.state !== undefined && sent.query.state !== state) throw lostTransaction('two states');
  const visit = await visitOf(ctx, declaration, sent, state);
  if (isReply(visit)) return visit;
  const names = [...declaration.fields, 'action'];
  return declaration.submit(ctx, visit, Object.fromEntries(names.map((name) => [name, body[name] ?? ''])));
}

async function visitOf<T extends AnyTransaction>(
  ctx: Context,
  { path, accept }: StepDeclaration<T>,
  { headers, cookies }: Sent,
  state: string | undefined,
): Promise<Visit<T> | Reply> {
  const found = await requireAnyTransaction(ctx, state, cookies);
  const transaction = await accept(ctx, found);
  if (isReply(transaction)) return transaction.status === 302 ? withState(transaction, state) : transaction;
  const about = found.kind === 'login' ? found.request : undefined;
  const view = await baseView(ctx, {
    clientId: about?.client_id,
    organizationId: about?.organization,
    isInvited: about?.invitation !== undefined,
    languages: about?.ui_locales,
    headers,
  });
  const handle = state ?? '';
  return { transaction, state: handle, cookies, view: { ...view, state: handle, action: pagePath(path, handle) } };
}

function isReply(value: object): value is Reply {
  return 'status' in value;
}

function withState(reply: Reply, state: string | undefined): Reply {
  return {
    ...reply,
    headers: { ...reply.headers, location: pagePath(reply.headers?.location ?? RESUME, state ?? '') },
  };
}

/** The address of a page for the login `state`. */
export function pagePath(path: string, state: string): string {
  return `${path}?state=${encodeURIComponent(state)}`;
}

/** Where an enrolment by ticket ends. */
export const ENROLLMENT_RESULT = '/u/mfa-enrollment-result';

/** Where a transaction goes on: logins to what they need next, ticket enrolments to their end. */
export function nextPath(transaction: AnyTransaction): string {
  return transaction.kind === 'login' ? RESUME : ENROLLMENT_RESULT;
}

/** On to whatever the login needs next. */
export function proceed(visit: Visit, cookies: readonly SetCookie[] = []): Reply {
  return redirect(pagePath(nextPath(visit.transaction), visit.state), { cookies });
}

/** To another page of the same step. */
export function goTo(visit: Visit, path: string): Reply {
  return redirect(pagePath(path, visit.state));
}

/** The page as an answer, under a policy that lets its form end where the login ends, and it ask for what is in `connects`. */
export function page(visit: Visit, status: number, html: string, connects: readonly string[] = []): Reply {
  const { transaction, view } = visit;
  const onwards = transaction.kind === 'login' ? [...ONWARDS, transaction.request.redirect_uri] : [];
  return showPage(status, html, view.nonce, onwards, connects);
}

/** A message by the name of its text, with the values that go into it. */
export type Mistake =
  | ErrorName
  | { readonly name: ErrorName; readonly values: Readonly<Record<string, string | number>> };

/** Messages beside fields; the key `form` is about the whole form. */
export type Mistakes = Readonly<Record<string, Mistake | undefined>>;

/** The page again with what is wrong: 400, as Auth0 answers. `draw` gets the view with the messages in it. */
export function again<T extends AnyTransaction>(
  visit: Visit<T>,
  mistakes: Mistakes,
  draw: (view: FormView) => string,
  status = 400,
): Reply {
  const told = Object.entries(mistakes).filter((pair): pair is [string, Mistake] => pair[1] !== undefined);
  const errors = Object.fromEntries(told.map(([field, mistake]) => [field, words(visit.view.lang, mistake)]));
  return page(visit, status, draw({ ...visit.view, errors }));
}

function words(lang: string, mistake: Mistake): string {
  return typeof mistake === 'string' ? errorText(lang, mistake) : errorText(lang, mistake.name, mistake.values);
}
