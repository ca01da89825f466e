import { openSession } from './browser-session.ts';
import { API } from './fixtures.ts';
import { clean, fileOf, form, type House, load, manage, type Row } from './house.ts';
import { loginAll } from './logins.ts';

/** The rows of logins, refreshing and the Management API. */
export async function coreRows(house: House): Promise<Row[]> {
  const both = await loginAll(house.url, house.fixtures, { scope: 'openid offline_access read', ahead: 0 });
  const one = await loginAll(house.url, house.fixtures, { scope: 'offline_access read', ahead: 1 });
  return [
    { what: 'refresh_token, rotating, for an access token', perSecond: await rotate(house, 'one', one.refreshTokens) },
    {
      what: 'refresh_token, rotating, for an access and an ID token',
      perSecond: await rotate(house, 'both', both.refreshTokens),
      note: 'two signatures',
    },
    { what: 'password-realm + mfa-otp', perSecond: both.perSecond, note: 'argon2id decides' },
    { what: 'authorize → token with a session', perSecond: await authorize(house), note: 'two signatures' },
    { what: 'GET /api/v2/clients/{id}', perSecond: await readClient(house) },
  ];
}

async function rotate(house: House, name: string, tokens: readonly string[]): Promise<number> {
  const { id, secret } = house.fixtures.app;
  const fixed = form({ grant_type: 'refresh_token', client_id: id, client_secret: secret });
  return clean(await load(house, '/oauth/token', 'rotate.lua', [fixed, fileOf(house, `${name}.txt`, tokens)]));
}

async function authorize(house: House): Promise<number> {
  const { app, callback, password } = house.fixtures;
  const query = {
    response_type: 'code',
    client_id: app.id,
    redirect_uri: callback,
    scope: 'openid',
    audience: API,
    state: 'bench',
  };
  const path = `/authorize?${form(query)}`;
  const email = 'plain@bench.example';
  const connection = 'Username-Password-Authentication';
  await manage(house, 'POST', 'users', { connection, email, password, email_verified: true });
  const cookie = await openSession(house.url, house.fixtures, path, email);
  const fixed = form({
    grant_type: 'authorization_code',
    client_id: app.id,
    client_secret: app.secret,
    redirect_uri: callback,
  });
  return clean(await load(house, '', 'session.lua', [cookie, path, fixed])) / 2;
}

async function readClient(house: House): Promise<number> {
  const { app, managementToken } = house.fixtures;
  return clean(await load(house, `/api/v2/clients/${app.id}`, 'get.lua', [managementToken]));
}
