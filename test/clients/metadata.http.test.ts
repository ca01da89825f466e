/** What is noted of a client: how much fits, how it is merged, and the messages that speak of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Connection } from '../../src/resources/connections/index.ts';
import { addPasswordless, changeOptions, PERSON, start } from '../passwordless.ts';
import { type ClientHouse, clientHouse, credentialsOf, type Made } from './client-house.ts';

let house: ClientHouse;
let app: Made;
let email: Connection;

before(async () => {
  house = await clientHouse();
  app = await house.create({ client_metadata: { brand: '<Blue>', tier: 'gold' } });
  email = await addPasswordless(house.server.ctx, 'email', [app.client_id]);
});
after(() => house.close());

/** The mail that brings a code, as the connection's templates have it. */
async function mailWith(templates: object) {
  await changeOptions(house.server.ctx, email, { email: templates });
  const answer = await start(house.server, credentialsOf(app));
  assert.equal(answer.status, 200, answer.text);
  const [mail] = await house.server.messages({ to: PERSON });
  return mail;
}

const refuse = async (client_metadata: unknown, reason: RegExp) => {
  const before = (await house.read(app)).client_metadata;
  const { status, json } = await house.manage('PATCH', `clients/${app.client_id}`, { client_metadata });
  assert.deepEqual([status, json.errorCode], [400, 'invalid_body']);
  assert.match(json.message, reason);
  assert.deepEqual((await house.read(app)).client_metadata, before);
};

test('client_metadata: messages speak of it, as it is when they are sent, and harmless in HTML', async () => {
  const templates = {
    subject: 'Code {% if application.client_metadata.tier == "gold" %}first{% else %}last{% endif %}',
    body: '<p>{{ application.client_metadata.brand }}-{{ application.client_metadata.missing }}: {{ code }}</p>',
  };
  const mail = await mailWith(templates);
  assert.equal(mail?.subject, 'Code first');
  assert.match(mail?.html ?? '', /^<p>&lt;Blue&gt;-: \d{6}<\/p>$/);
  await house.change(app, { client_metadata: { brand: 'Red', tier: null } });
  const next = await mailWith(templates);
  assert.deepEqual([next?.subject, next?.html?.slice(0, 8)], ['Code last', '<p>Red-:']);
  await house.change(app, { client_metadata: { brand: '<Blue>', tier: 'gold' } });
});

test('client_metadata: a change names what it changes, null takes away', async () => {
  const changed = await house.change(app, { client_metadata: { tier: null, size: 'L' } });
  assert.deepEqual(changed.client_metadata, { brand: '<Blue>', size: 'L' });
  assert.deepEqual((await house.change(app, { client_metadata: {} })).client_metadata, { brand: '<Blue>', size: 'L' });
  await house.change(app, { client_metadata: { size: null, tier: 'gold' } });
});

test('client_metadata: ten keys, however they come, of 255 characters with texts of as many', async () => {
  const keys = (from: number, to: number) =>
    Object.fromEntries(Array.from({ length: to - from }, (_, at) => [`k${from + at}`, 'v']));
  await refuse(keys(0, 11), /Too many properties defined \(11\), maximum 10/);
  assert.equal(Object.keys((await house.change(app, { client_metadata: keys(0, 8) })).client_metadata).length, 10);
  await refuse(keys(8, 9), /Too many properties defined \(11\), maximum 10/);
  await house.change(app, { client_metadata: { k0: null, k8: 'v' } });
  const text = (length: number) => 'x'.repeat(length);
  await refuse({ k1: text(256) }, /255/);
  await refuse({ k1: null, [text(256)]: 'v' }, /255|pattern/i);
  await refuse({ k1: null, 'a.b': 'v' }, /pattern/i);
  await refuse({ k1: 1 }, /Expected type string,null but found type integer/);
  await refuse('x', /Expected type object/);
  const longest = { k1: null, [text(255)]: text(255) };
  assert.equal((await house.change(app, { client_metadata: longest })).client_metadata[text(255)], text(255));
  const { status } = await house.manage('POST', 'clients', { name: 'x', client_metadata: keys(0, 11) });
  assert.equal(status, 400);
});

test('redirection_policy: who is not to be led to the application learns no domain of it', async () => {
  const templates = {
    body: '{% if application.callback_domain == "" %}none{% endif %}{{ application.callback_domain }}',
  };
  assert.equal((await mailWith(templates))?.html, 'https://app.test');
  await house.change(app, { redirection_policy: 'open_redirect_protection' });
  assert.equal((await mailWith(templates))?.html, 'none');
  await house.change(app, { redirection_policy: 'allow_always' });
  assert.equal((await mailWith(templates))?.html, 'https://app.test');
});
