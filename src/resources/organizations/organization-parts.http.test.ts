import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addApplication } from '../../../test/fixtures.ts';
import {
  type OrganizationManagement,
  organizationManagement,
  ORGANIZATIONS as ROOT,
} from '../../../test/organization-management.ts';
import type { TestServer } from '../../../test/server.ts';
import { clientGrantsOf, organizationGrantsOf } from '../clients/index.ts';
import { createResourceServer } from '../resource-servers/index.ts';
import { invitationsOf } from './invitations/invitation.store.ts';
import { createOrganization } from './organizations.ts';

let server: TestServer;
let call: OrganizationManagement['call'];
let organization: OrganizationManagement['organization'];
let database: OrganizationManagement['database'];

before(async () => {
  ({ server, call, organization, database } = await organizationManagement());
});
after(() => server.close());

describe('invitations', () => {
  const invite = (id: string, json: object) => call('POST', `${ROOT}/${id}/invitations`, { json });
  const people = { inviter: { name: 'Ada' }, invitee: { email: 'invited@example.test' } };

  test('made and mailed, read, taken back', async () => {
    const { id, name } = await organization({ display_name: 'Acme' });
    const { client_id } = await addApplication(server.ctx, { initiate_login_uri: 'https://app.test/login' });
    const { status, json } = await invite(id, { ...people, client_id, ttl_sec: 3600 });
    assert.equal(status, 201);
    assert.match(json.id, /^uinv_[A-Za-z0-9]{16}$/);
    assert.match(json.ticket_id, /^[A-Za-z0-9]{32}$/);
    const query = `invitation=${json.ticket_id}&organization=${id}&organization_name=${name}`;
    assert.deepEqual(json, {
      id: json.id,
      organization_id: id,
      ...people,
      client_id,
      created_at: '2026-01-15T10:00:00.000Z',
      expires_at: '2026-01-15T11:00:00.000Z',
      invitation_url: `https://app.test/login?${query}`,
      ticket_id: json.ticket_id,
    });
    const [mail] = await server.messages({ to: 'invited@example.test' });
    assert.equal(mail?.link, json.invitation_url);
    assert.match(mail?.subject ?? '', /Ada invites you to Acme/);
    const path = `${ROOT}/${id}/invitations`;
    assert.deepEqual((await call('GET', `${path}/${json.id}`)).json, json);
    assert.deepEqual((await call('GET', `${path}?include_totals=true`)).json, {
      start: 0,
      limit: 1,
      invitations: [json],
    });
    const stored = await invitationsOf(server.ctx).get(json.id);
    assert.equal(JSON.stringify(stored).includes(json.ticket_id), false);
    const elsewhere = await organization();
    assert.equal((await call('GET', `${ROOT}/${elsewhere.id}/invitations/${json.id}`)).status, 404);
    assert.equal((await call('DELETE', `${ROOT}/${elsewhere.id}/invitations/${json.id}`)).status, 404);
    assert.equal((await call('DELETE', `${path}/${json.id}`)).status, 204);
    assert.equal((await call('GET', `${path}/${json.id}`)).json.errorCode, 'inexistent_invitation');
  });

  test('silently, and what cannot be', async () => {
    const { id } = await organization();
    const quiet = { inviter: { name: 'Ada' }, invitee: { email: 'quiet@example.test' }, send_invitation_email: false };
    const { client_id } = await addApplication(server.ctx, { initiate_login_uri: 'https://app.test/login' });
    assert.equal((await invite(id, { ...quiet, client_id })).status, 201);
    assert.deepEqual(await server.messages({ to: 'quiet@example.test' }), []);
    const { client_id: routeless } = await addApplication(server.ctx);
    const nowhere = await invite(id, { ...people, client_id: routeless });
    assert.match(nowhere.json.message, /^A default login route is required to generate the invitation url/);
    assert.equal((await invite(id, { ...people, client_id: 'nobody' })).json.errorCode, 'inexistent_client');
    const unconnected = await invite(id, { ...people, client_id, connection_id: (await database()).id });
    assert.equal(unconnected.status, 404);
    const roles = await invite(id, { ...people, client_id, roles: ['rol_0123456789abcdef'] });
    assert.deepEqual([roles.status, roles.json.errorCode], [404, undefined]);
    assert.equal(await invitationsOf(server.ctx).count({ organization_id: id }), 1);
  });
});

describe('client grants', () => {
  test('associated, listed from both sides, taken back, gone with the grant', async () => {
    const { id } = await organization();
    await createResourceServer(server.ctx, { identifier: 'urn:org-api', scopes: [{ value: 'a' }] });
    const { client_id } = await addApplication(server.ctx);
    const create = (json: object) =>
      call('POST', '/api/v2/client-grants', { json: { client_id, audience: 'urn:org-api', scope: ['a'], ...json } });
    const grant = (await create({ organization_usage: 'allow' })).json;
    const path = `${ROOT}/${id}/client-grants`;
    const added = await call('POST', path, { json: { grant_id: grant.id } });
    assert.deepEqual([added.status, added.json], [201, { grant_id: grant.id, ...grant }]);
    const again = await call('POST', path, { json: { grant_id: grant.id } });
    assert.deepEqual(
      [again.status, again.json.message],
      [409, 'The client grant has already been added to this organization.'],
    );
    assert.deepEqual((await call('GET', `${path}?client_id=${client_id}`)).json, [grant]);
    assert.deepEqual((await call('GET', `${path}?audience=urn:none`)).json, []);
    const ofGrant = `/api/v2/client-grants/${grant.id}/organizations`;
    assert.equal((await call('GET', `${ofGrant}?include_totals=true`)).json.organizations[0].id, id);
    const clients = await call('GET', `/api/v2/clients?q=client_grant.organization_id:${id}`);
    assert.deepEqual(
      clients.json.map((one: { client_id: string }) => one.client_id),
      [client_id],
    );
    assert.equal((await call('DELETE', `${path}/${grant.id}`)).status, 204);
    assert.deepEqual((await call('GET', path)).json, []);
    assert.equal(
      (await call('POST', path, { json: { grant_id: 'cgr_0123456789abcdef' } })).json.errorCode,
      'inexistent_client_grant',
    );

    await call('POST', path, { json: { grant_id: grant.id } });
    await call('DELETE', `/api/v2/client-grants/${grant.id}`);
    assert.equal(await organizationGrantsOf(server.ctx).count({ organization_id: id }), 0);
    assert.equal(await clientGrantsOf(server.ctx).get(grant.id), undefined);
    const closed = (await create({})).json;
    assert.equal((await call('POST', path, { json: { grant_id: closed.id } })).status, 400);
  });
});

test('discovery domains', async () => {
  const { id } = await organization();
  const path = `${ROOT}/${id}/discovery-domains`;
  const { status, json } = await call('POST', path, { json: { domain: 'Acme.example.com' } });
  assert.equal(status, 201);
  assert.match(json.id, /^ord_[A-Za-z0-9]{22}$/);
  assert.match(json.verification_txt, /^[0-9a-f]{32}$/);
  assert.deepEqual(json, {
    id: json.id,
    domain: 'acme.example.com',
    status: 'pending',
    verification_host: `_ss-verification.${id}.acme.example.com`,
    verification_txt: json.verification_txt,
    use_for_organization_discovery: true,
  });
  assert.equal((await call('POST', path, { json: { domain: 'acme.example.com' } })).status, 409);
  assert.equal((await call('POST', path, { json: { domain: 'not a domain' } })).status, 400);
  assert.deepEqual((await call('GET', path)).json, { domains: [json] });
  assert.deepEqual((await call('GET', `${path}/name/acme.example.com`)).json, json);
  const verified = await call('PATCH', `${path}/${json.id}`, { json: { status: 'verified' } });
  assert.deepEqual(verified.json, { ...json, status: 'verified' });
  assert.equal((await call('DELETE', `${path}/${json.id}`)).status, 204);
  const gone = await call('GET', `${path}/${json.id}`);
  assert.deepEqual([gone.status, gone.json.message], [404, 'No organization domain found by that id']);
});

test('applications that an organization names', async () => {
  const { id } = await organization({ is_app_entitlement_active: true });
  const { client_id } = await addApplication(server.ctx, { grant_types: ['authorization_code'] });
  const path = `${ROOT}/${id}/clients`;
  const shown = {
    client_id,
    use_for_member_access: true,
    client: {
      name: 'Application',
      app_type: 'regular_web',
      is_first_party: true,
      grant_types: ['authorization_code'],
    },
  };
  const added = await call('POST', path, { json: { clients: [{ client_id, use_for_member_access: true }] } });
  assert.deepEqual([added.status, added.json], [201, [shown]]);
  assert.deepEqual((await call('GET', path)).json, { clients: [shown] });
  const [listed] = (
    await call('GET', `${ROOT}?include_client_association_for=${client_id}&sort=created_at:-1`)
  ).json.filter((one: { id: string }) => one.id === id);
  assert.deepEqual(listed.client, { use_for_member_access: true });
  const changed = await call('PATCH', `${path}/${client_id}`, { json: { use_for_member_access: false } });
  assert.deepEqual(changed.json, { ...shown, use_for_member_access: false });
  assert.deepEqual((await call('GET', `${path}/${client_id}`)).json, changed.json);
  const said = { organization_usage: 'allow', logo_uri: 'https://app.test/logo.png' };
  await call('PATCH', `/api/v2/clients/${client_id}`, { json: said });
  assert.deepEqual((await call('GET', `${path}/${client_id}`)).json.client, { ...shown.client, ...said });
  assert.equal((await call('POST', path, { json: { clients: [{ client_id: 'nobody' }] } })).status, 404);
  assert.equal((await call('DELETE', path, { json: { clients: [client_id] } })).status, 204);
  assert.equal((await call('GET', `${path}/${client_id}`)).status, 404);
  await call('POST', path, { json: { clients: [{ client_id }] } });
  await call('DELETE', `/api/v2/clients/${client_id}`);
  assert.deepEqual((await call('GET', path)).json, { clients: [] });
});

test('a client’s default organization must be one of the tenant’s', async () => {
  const { client_id } = await addApplication(server.ctx);
  const theirs = await createOrganization(server.other.ctx, { name: 'theirs' });
  const mine = await organization();
  const patch = (organization_id: string) =>
    call('PATCH', `/api/v2/clients/${client_id}`, {
      json: { default_organization: { organization_id, flows: ['client_credentials'] } },
    });
  for (const id of ['org_0123456789abcdef', theirs.id]) {
    const { status, json } = await patch(id);
    assert.deepEqual([status, json.errorCode], [400, 'invalid_body']);
  }
  assert.equal((await patch(mine.id)).status, 200);
});
