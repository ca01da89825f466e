import {
  type Context,
  type Endpoint,
  endpoint,
  optionalText,
  type Reply,
  type RequestParts,
  Type,
} from '../../kernel/index.ts';
import { type ErrorName, errorText, renderDeviceUserCode } from '../../pages/index.ts';
import { type Limit, networkOf, returnAllowance, spendAllowance } from '../../protection/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { sealUserCode } from '../../transactions/index.ts';
import { beginDecision } from '../deferred/begin-decision.ts';
import { type DeferredAuthorization, deferredAuthorizationsOf } from '../deferred/deferred.store.ts';
import { isUndecided } from '../deferred/deferred.ts';
import { showPage, viewFor } from '../page.ts';
import { DEVICE_SUCCESS } from './result-pages.endpoints.ts';
import { digestUserCode, formatUserCode } from './user-code.ts';

/** Where devices send their users. As Auth0's. */
export const ACTIVATE = '/activate';

/** RFC 8628 §5.1: wrong codes from one network. One in 10¹⁰ letters is right: at this pace, nobody finds it in its quarter of an hour. */
const WRONG_CODES: Limit = { burst: 10, everyMs: 30_000 };
const LONGEST_CODE = 64;

type Cookies = RequestParts<never, never, never>['cookies'];

/** The page that asks for a code: empty, or with what was typed and what is wrong with it. */
async function askForCode(ctx: Context, typed?: string, mistake?: ErrorName, status = 200): Promise<Reply> {
  const view = await viewFor(ctx, undefined);
  const errors = mistake ? { user_code: errorText(view.lang, mistake) } : undefined;
  const page = renderDeviceUserCode({ ...view, state: '', action: ACTIVATE, userCode: typed, errors });
  return showPage(page, view.nonce, { status, formAction: ["'self'"] });
}

/**
 * Leads from a code to the page that shows it together with what is asked for, bound to this browser. The code counts as a guess before
 * it is looked up, and is given back when it was right.
 */
async function activate(ctx: Context, sent: string | undefined, cookies: Cookies): Promise<Reply> {
  const typed = sent?.trim().slice(0, LONGEST_CODE) ?? '';
  if (!typed) return askForCode(ctx, undefined, 'no-user-code', 400);
  const guesser = ['user_code', networkOf(ctx.caller.ip)];
  if (!(await spendAllowance(ctx, guesser, WRONG_CODES)).allowed) return askForCode(ctx, typed, 'too-many-codes', 429);
  const deferred = await findByUserCode(ctx, typed);
  const client = deferred && (await findClient(ctx, deferred.client_id));
  if (!client) {
    ctx.audit({ type: 'fdeac', description: 'Invalid user code.' });
    return askForCode(ctx, typed, 'invalid-user-code', 400);
  }
  await returnAllowance(ctx, guesser, WRONG_CODES);
  const user_code_sealed = sealUserCode(ctx, deferred.id, await formatUserCode(ctx, typed));
  const decision = { kind: 'device', id: deferred.id, user_code_sealed } as const;
  return beginDecision(ctx, { client, deferred, decision, end: DEVICE_SUCCESS }, cookies);
}

async function findByUserCode(ctx: Context, typed: string): Promise<DeferredAuthorization | undefined> {
  const found = await deferredAuthorizationsOf(ctx).find({ user_code_digest: digestUserCode(ctx, typed) });
  return found && isUndecided(found, ctx.clock.now()) ? found : undefined;
}

const ABOUT = { path: ACTIVATE, tag: 'device flow', surface: 'page' } as const;
const userCode = Type.Object({
  user_code: optionalText('The code that the device shows.'),
});
const REPLIES = {
  302: 'To the page that shows what is asked for.',
  400: 'The page again, with what is wrong.',
  429: 'The page again: too many wrong codes.',
} as const;

export const activateEndpoints: readonly Endpoint[] = [
  endpoint({
    ...ABOUT,
    method: 'GET',
    name: 'showActivate',
    summary: 'Page: the code that a device shows. With the code in the address, as in its QR code, it goes on at once.',
    query: userCode,
    replies: { 200: 'The page.', ...REPLIES },
    handle: (ctx, { query, cookies }) =>
      query.user_code === undefined ? askForCode(ctx) : activate(ctx, query.user_code, cookies),
  }),
  endpoint({
    ...ABOUT,
    method: 'POST',
    name: 'submitActivate',
    summary: 'Answer to the page: the code that a device shows.',
    body: Type.Object({
      ...userCode.properties,
      state: Type.Optional(Type.String()),
      action: Type.Optional(Type.String()),
    }),
    replies: REPLIES,
    handle: (ctx, { body, cookies }) => activate(ctx, body.user_code, cookies),
  }),
];
