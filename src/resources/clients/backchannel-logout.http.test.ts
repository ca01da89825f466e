/** `oidc_logout` as it is written, by both of its names. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { addApplication } from '../../../test/fixtures.ts';
import { everything, logoutHouse } from '../../../test/logout-house.ts';

const house = await logoutHouse();
const { server, receiver, app, manage, logIn, settle, tokens } = house;
after(() => house.close());
beforeEach(() => house.begin());

test('what a client may be given as its URL', async () => {
  const path = `clients/${app.client_id}`;
  const patch = (json: object) => manage('PATCH', path, json);
  const format = 'absolute-https-uri-with-placeholders-or-empty';
  for (const url of [
    'http://app.test/out',
    'ftp://app.test/',
    'https://app.test/#x',
    'https://{organization_name}.app.test/',
    'https://a.test:x/',
  ]) {
    const answer = await patch({ oidc_logout: { backchannel_logout_urls: [url] } });
    assert.equal(answer.status, 400, url);
    const text = `Object didn't pass validation for format ${format}: ${url}`;
    const where = 'oidc_logout.backchannel_logout_urls[0]';
    assert.equal(answer.json.message, `Payload validation error: '${text}' on property ${where}.`);
  }
  const two = await patch({ oidc_logout: { backchannel_logout_urls: ['https://a.test/', 'https://b.test/'] } });
  assert.match(two.json.message, /Array is too long \(2\), maximum 1/);
  const wrong = { backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['moon-rise'] } };
  assert.match((await patch({ oidc_logout: wrong })).json.message, /No enum match for: moon-rise/);
});

test('oidc_backchannel_logout is oidc_logout by its older name', async () => {
  const renamed = await addApplication(server.ctx);
  const path = `clients/${renamed.client_id}`;
  const settings = everything(`${receiver.url}/renamed`);
  const json = { oidc_backchannel_logout: settings };
  const answer = await manage('PATCH', path, json);
  assert.deepEqual([answer.json.oidc_backchannel_logout, answer.json.oidc_logout], [settings, undefined]);
  const browser = new Browser(server);
  await logIn(browser, renamed);
  await manage('PATCH', `users/${house.user.user_id}`, { password: 'Another-horse-2' });
  await settle();
  assert.equal(tokens('/renamed').length, 1);
  const urls = { backchannel_logout_urls: settings.backchannel_logout_urls };
  const both = [settings, urls];
  const change = async (json: object) => {
    const { oidc_logout, oidc_backchannel_logout } = (await manage('PATCH', path, json)).json;
    return [oidc_logout, oidc_backchannel_logout];
  };
  assert.deepEqual(await change({ oidc_logout: settings }), both, 'the newer name says both');
  assert.deepEqual(await change({ name: 'Renamed' }), both);
  assert.deepEqual(await change({ oidc_backchannel_logout: urls }), [urls, urls]);
  assert.deepEqual(await change({ oidc_backchannel_logout: null }), [undefined, undefined]);
});

test('what is chosen by the older name counts: the initiators, and the metadata of the session', async () => {
  const chosen = {
    backchannel_logout_urls: [`${receiver.url}/chosen`],
    backchannel_logout_initiators: { mode: 'custom', selected_initiators: ['account-deactivated'] },
    backchannel_logout_session_metadata: { include: true },
  };
  const chooser = await addApplication(server.ctx);
  await manage('PATCH', `clients/${chooser.client_id}`, { oidc_backchannel_logout: chosen });
  const end = async (change: object) => {
    const { sid } = await logIn(new Browser(server), chooser);
    assert.equal((await manage('PATCH', `sessions/${sid}`, { session_metadata: { desk: '7' } })).status, 200);
    await manage('PATCH', `users/${house.user.user_id}`, change);
    await settle();
    return tokens('/chosen').map(({ session_metadata }) => session_metadata);
  };
  assert.deepEqual(await end({ password: 'Another-horse-2' }), []);
  await house.begin();
  assert.deepEqual(await end({ blocked: true }), [{ desk: '7' }]);
});
