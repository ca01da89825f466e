import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addPerson, CONNECTION } from '../../test/fixtures.ts';
import { managementToken } from '../../test/management.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { logTypes } from '../../test/token-fixture.ts';
import type { User } from '../resources/users/index.ts';
import { findPasswordReset } from '../strategies/index.ts';

const NEW = 'A-new-horse-2';
/** As the pages of Auth0's classic experience are written. */
const PAGE = `<h1>{{tenant.friendly_name}}</h1>{% unless tenant.colors.page_background %}<i>plain</i>{% endunless %}<script>
new Auth0ChangePassword({ email: "{{email | escape}}", csrf_token: "{{csrf_token}}", ticket: "{{ticket}}",
  password_policy: "{{password_policy}}", password_complexity_options: {{password_complexity_options}},
  theme: { icon: "{{tenant.picture_url | default: '//cdn.test/badge.png'}}" } })</script>`;

let server: TestServer;
let user: User;
let jar: Record<string, string>;
let count = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  jar = {};
  user = await addPerson(server.ctx, `o'hara-${++count}@example.test`);
  assert.equal((await settings({ change_password: { enabled: true, html: PAGE } })).status, 200);
});

async function settings(json: object) {
  const bearer = await managementToken(server, ['update:tenant_settings']);
  return server.request('PATCH', '/api/v2/tenants/settings', { bearer, json });
}
async function newTicket(more: object = {}): Promise<string> {
  const bearer = await managementToken(server, ['create:user_tickets']);
  const json = { user_id: user.user_id, ...more };
  const answer = await server.request('POST', '/api/v2/tickets/password-change', { bearer, json });
  return new URL(answer.json.ticket).searchParams.get('ticket')?.replace(/#.*$/, '') ?? assert.fail(answer.text);
}
async function open(ticket: string, into = jar) {
  const page = await server.get(`/u/reset-password?ticket=${ticket}`, { jar: into });
  return { page, _csrf: /csrf_token: "([^"]*)"/.exec(page.text)?.[1] ?? '' };
}
const post = (form: Record<string, string>, from = jar) => server.request('POST', '/lo/reset', { form, jar: from });
const twice = (newPassword: string) => ({ newPassword, confirmNewPassword: newPassword });

test('the page of the operator is filled in, and what it posts sets the password', async () => {
  await settings({ friendly_name: 'Nord & Süd', universal_login: { colors: { primary: '#123456' } } });
  const ticket = await newTicket();
  const { page, _csrf } = await open(ticket);
  assert.equal(page.status, 200);
  assert.match(page.text, /<h1>Nord &amp; Süd<\/h1><i>plain<\/i>/);
  assert.match(page.text, /email: "o&#39;hara-1@example.test"/);
  assert.match(page.text, /password_policy: "\w+", password_complexity_options: \{"min_length":\d+\}/);
  assert.match(page.text, /icon: "\/\/cdn.test\/badge.png"/);
  assert.equal(page.headers['content-security-policy'], "frame-ancestors 'none'");
  const answer = await post({ ticket, _csrf, ...twice(NEW) });
  assert.deepEqual([answer.status, answer.json], [200, {}]);
  assert.ok((await logTypes(server)).includes('scp'));
  assert.equal(await findPasswordReset(server.ctx, ticket), undefined);
  assert.equal((await open(ticket)).page.status, 400, 'a used link has our own page');
});

test('a ticket may say where the browser goes on; JSON does as well', async () => {
  const ticket = await newTicket({ result_url: 'https://app.test/done' });
  const { _csrf } = await open(ticket);
  const json = { ticket, _csrf, ...twice(NEW), email: user.email, connection: CONNECTION };
  const answer = await server.request('POST', '/lo/reset', { json, jar });
  assert.equal(new URL(answer.json.result_url).searchParams.get('success'), 'true');
});

test('refused, it says why, and uses nothing up', async () => {
  const ticket = await newTicket();
  const { _csrf } = await open(ticket);
  const strange: Record<string, string> = {};
  const theirs = await open(await newTicket(), strange);
  const good = { ticket, _csrf, ...twice(NEW) };
  const cases: [Record<string, string>, number, string][] = [
    [{ ...good, _csrf: '' }, 403, 'ForbiddenError'],
    [{ ...good, _csrf: theirs._csrf }, 403, 'ForbiddenError'],
    [{ ...good, confirmNewPassword: 'another' }, 400, 'BadRequestError'],
    [{ ...good, ...twice('') }, 400, 'BadRequestError'],
    [{ ...good, ...twice('weak') }, 400, 'PasswordStrengthError'],
  ];
  for (const [form, status, name] of cases) {
    const answer = await post(form);
    assert.deepEqual([answer.status, answer.json.name], [status, name], JSON.stringify(form));
  }
  assert.equal((await post(good, strange)).status, 403, 'another browser was given no token for it');
  assert.ok(await findPasswordReset(server.ctx, ticket));
  const tries = await Promise.all(Array.from({ length: 20 }, () => post(good)));
  assert.equal(tries.filter(({ status }) => status === 200).length, 1);
});

test('not in use, or empty, it is our own page', async () => {
  const ticket = await newTicket();
  const page_background = { type: 'linear-gradient', start: '#111111', end: '#222222', angle_deg: 35 };
  await settings({ universal_login: { colors: { primary: '#123456', page_background } } });
  for (const change_password of [{ enabled: false }, { enabled: true, html: ' ' }]) {
    await settings({ change_password });
    assert.match((await open(ticket)).page.text, /name="password-reset"/);
  }
  await settings({ change_password: null });
  const { page } = await open(ticket);
  assert.match(page.text, /name="password-reset"/);
  assert.match(page.text, /--primary:#123456;.*--page:linear-gradient\(35deg,#111111,#222222\)/);
});

test('what could not be shown is refused when it is to be used', async () => {
  const html = '{% for one in tenant.many %}{{ one }}{% endfor %}';
  await settings({ change_password: { enabled: false, html: '' } });
  assert.equal((await settings({ change_password: { html } })).status, 200, 'as it is not in use');
  const refused = await settings({ change_password: { enabled: true } });
  assert.deepEqual([refused.status, refused.json.errorCode], [400, 'operation_not_supported']);
  assert.match(refused.json.message, /^change_password.html is not supported: the tag "for/);
  const unknown = await settings({ change_password: { enabled: true, html: '{{ user.secret }}' } });
  assert.match(unknown.json.message, /"user.secret" is not one of email, ticket/);
  assert.equal((await settings({ guardian_mfa_page: { enabled: false, html: '<p>' } })).status, 200);
  const widget = await settings({ guardian_mfa_page: { enabled: true } });
  assert.deepEqual([widget.status, widget.json.errorCode], [400, 'operation_not_supported']);
  assert.match(widget.json.message, /^guardian_mfa_page.enabled can not be true/);
});
