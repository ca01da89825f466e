import { createHmac } from 'node:crypto';
import { API, type Fixtures } from './fixtures.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The one-time password of `secret` (base32) `ahead` steps from now. RFC 6238, 30 s, 6 digits: computed here, so that the bench does not check the server by itself. */
function oneTimePassword(secret: string, ahead: number): string {
  let bits = '';
  for (const letter of secret) bits += BASE32.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

interface TokenAnswer {
  readonly status: number;
  readonly body: { mfa_token?: string; access_token?: string; refresh_token?: string; error?: string };
}

async function token(url: string, parameters: Record<string, string>): Promise<TokenAnswer> {
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(parameters) });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer['body'] };
}

/** One user logs in with password and one-time password. Answers the refresh token. */
export async function loginWithSecondFactor(
  url: string,
  fixtures: Fixtures,
  user: Fixtures['users'][number],
  { scope, ahead }: { scope: string; ahead: number },
): Promise<string> {
  const client = { client_id: fixtures.app.id, client_secret: fixtures.app.secret };
  const realm = 'Username-Password-Authentication';
  const grant = 'http://auth0.com/oauth/grant-type';
  const first = await token(url, {
    ...client,
    grant_type: `${grant}/password-realm`,
    realm,
    username: user.email,
    password: fixtures.password,
    audience: API,
    scope,
  });
  if (first.status !== 403 || !first.body.mfa_token)
    throw new Error(`expected mfa_required, got ${first.status} ${JSON.stringify(first.body)}`);
  const second = await token(url, {
    ...client,
    grant_type: `${grant}/mfa-otp`,
    mfa_token: first.body.mfa_token,
    otp: oneTimePassword(user.secret, ahead),
  });
  if (!second.body.refresh_token)
    throw new Error(`expected tokens, got ${second.status} ${JSON.stringify(second.body)}`);
  return second.body.refresh_token;
}

/**
 * All users log in, a few at a time. Answers how many a second, and their refresh tokens. A one-time password is good once: who logs in
 * again takes that of a later step (`ahead`).
 */
export async function loginAll(
  url: string,
  fixtures: Fixtures,
  how: { scope: string; ahead: number },
  lanes = 8,
): Promise<{ perSecond: number; refreshTokens: string[] }> {
  const waiting = [...fixtures.users];
  const refreshTokens: string[] = [];
  const started = performance.now();
  const lane = async () => {
    for (let user = waiting.pop(); user; user = waiting.pop())
      refreshTokens.push(await loginWithSecondFactor(url, fixtures, user, how));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { perSecond: fixtures.users.length / ((performance.now() - started) / 1000), refreshTokens };
}
