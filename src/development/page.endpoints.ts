import {
  type Context,
  type Endpoint,
  endpoint,
  html,
  isoTime,
  oauthError,
  oneOf,
  redirect,
  Type,
} from '../kernel/index.ts';
import { contentSecurityPolicy, renderOutbox } from '../pages/index.ts';
import { clientsOf } from '../resources/clients/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';
import { advanceClock } from './clock.endpoints.ts';
import type { DevelopmentParts } from './parts.ts';

const ABOUT = { tag: 'development', surface: 'plain', development: true } as const;

/** Another site's page must not press these buttons. */
function requireOwnPage(headers: Readonly<Record<string, string | undefined>>): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw oauthError(403, 'access_denied', 'Only the page at /_dev may do this');
}

async function factsAbout(ctx: Context): Promise<{ label: string; value: string }[]> {
  const clients = await clientsOf(ctx).list({ orderBy: 'created_at' });
  return [
    { label: 'Issuer', value: ctx.issuer },
    { label: 'Discovery', value: `${ctx.issuer}.well-known/openid-configuration` },
    { label: 'Management API', value: `${ctx.issuer}api/v2/openapi.json` },
    ...clients.filter((client) => !client.global).map((client) => ({ label: client.name, value: client.client_id })),
  ];
}

async function drawPage(ctx: Context, { outbox, clock, pushes }: DevelopmentParts) {
  const nonce = ctx.random.bytes(16).toString('base64url');
  const settings = await tenantSettings(ctx);
  const ahead = clock.offsetSeconds();
  const page = renderOutbox({
    theme: { companyName: settings.friendly_name ?? ctx.tenant.name },
    lang: 'en',
    nonce,
    messages: await outbox.list({}),
    pushes: await pushes.list(ctx),
    clock: { now: isoTime(ctx.clock), offset: ahead === 0 ? undefined : `${ahead} s` },
    facts: await factsAbout(ctx),
    actions: { self: '/_dev', clock: '/_dev/page/clock', push: '/_dev/page/push', messages: '/_dev/page/messages' },
  });
  return html(200, page, { 'content-security-policy': contentSecurityPolicy({ nonce, formAction: ["'self'"] }) });
}

/** The buttons of the page: each form posts here and comes back. */
function buttonEndpoints({ outbox, clock, pushes }: DevelopmentParts): Endpoint[] {
  const button = { ...ABOUT, method: 'POST', accepts: ['form'], replies: { 302: 'Back to the page.' } } as const;
  return [
    endpoint({
      ...button,
      path: '/_dev/page/clock',
      name: 'pressDevelopmentClock',
      summary: 'Buttons of the clock.',
      body: Type.Object({ action: oneOf(['advance', 'reset']), advance_seconds: Type.Optional(Type.String()) }),
      handle: async (_ctx, { headers, body }) => {
        requireOwnPage(headers);
        if (body.action === 'reset') clock.reset();
        else advanceClock(clock, Number(body.advance_seconds));
        return redirect('/_dev');
      },
    }),
    endpoint({
      ...button,
      path: '/_dev/page/push',
      name: 'answerDevelopmentPush',
      summary: 'Approves or rejects a push notification.',
      body: Type.Object({ action: oneOf(['approve', 'reject']), id: Type.String() }),
      handle: async (ctx, { headers, body }) => {
        requireOwnPage(headers);
        await pushes[body.action](ctx, body.id);
        return redirect('/_dev');
      },
    }),
    clearButton(outbox),
  ];
}

function clearButton(outbox: DevelopmentParts['outbox']): Endpoint {
  return endpoint({
    ...ABOUT,
    method: 'POST',
    path: '/_dev/page/messages',
    name: 'clearDevelopmentOutbox',
    summary: 'Empties the outbox.',
    accepts: ['form'],
    body: Type.Object({ action: oneOf(['clear']) }),
    replies: { 302: 'Back to the page.' },
    handle: async (_ctx, { headers }) => {
      requireOwnPage(headers);
      await outbox.clear();
      return redirect('/_dev');
    },
  });
}

/** `/_dev` for people: messages, push notifications to approve or reject, the clock. */
export function pageEndpoints(parts: DevelopmentParts): Endpoint[] {
  const page = endpoint({
    ...ABOUT,
    method: 'GET',
    path: '/_dev',
    name: 'showDevelopmentPage',
    summary: 'The outbox as a page.',
    replies: { 200: 'The page.' },
    handle: (ctx) => drawPage(ctx, parts),
  });
  return [page, ...buttonEndpoints(parts)];
}
