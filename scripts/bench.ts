/**
 * Speed beside peers and beside the machine's signing ceiling, in one run; absolute figures mean little elsewhere, ratios travel.
 * Load comes from `wrk` where the machine has it, else from autocannon. Usage: node scripts/bench.ts [seconds per measurement]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSession } from './bench/browser-session.ts';
import { signingCeiling } from './bench/ceiling.ts';
import { API, type Fixtures, MANAGEMENT, managementToken, prepare } from './bench/fixtures.ts';
import { generator, type Measured, measure } from './bench/load.ts';
import { loginAll } from './bench/logins.ts';
import { type Started, startProcess } from './bench/process.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const ROUNDS = 3;
const USERS = 200;
/** What only starting needed is given back a second after it. */
const IDLE_AFTER_MS = 3000;

interface Row {
  readonly what: string;
  readonly perSecond: number;
  readonly note?: string;
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function clean({ perSecond, refused }: Measured): number {
  if (refused > 0) throw new Error(`${refused} answers were errors: the figure would be worthless`);
  return perSecond;
}

async function startCountersign(directory: string): Promise<Started> {
  return startProcess(['src/main.ts', 'dev'], {
    COUNTERSIGN_DATABASE: `sqlite:${join(directory, 'bench.db')}`,
    COUNTERSIGN_DATA: directory,
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_TLS_PORT: 'off',
    COUNTERSIGN_MANAGEMENT_CLIENT_ID: MANAGEMENT.id,
    COUNTERSIGN_MANAGEMENT_CLIENT_SECRET: MANAGEMENT.secret,
  });
}

function clientCredentials(url: string, path: string, form: Record<string, string>): Promise<Measured> {
  return measure({
    url: url + path,
    script: 'post.lua',
    args: [new URLSearchParams(form).toString()],
    seconds: SECONDS,
  });
}

/** Ours, the peer and the bare signature by turns, so that what the machine does besides touches all alike. */
async function alternate(url: string, peer: string): Promise<{ ours: number; peers: number; ceiling: number }> {
  const ours: number[] = [];
  const peers: number[] = [];
  const ceilings: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ceilings.push(await signingCeiling(SECONDS / 2));
    const client = {
      grant_type: 'client_credentials',
      client_id: MANAGEMENT.id,
      client_secret: MANAGEMENT.secret,
      audience: API,
    };
    ours.push(clean(await clientCredentials(url, '/oauth/token', client)));
    const theirs = {
      grant_type: 'client_credentials',
      client_id: 'bench',
      client_secret: MANAGEMENT.secret,
      scope: 'read',
    };
    peers.push(clean(await clientCredentials(peer, '/token', theirs)));
  }
  return { ours: median(ours), peers: median(peers), ceiling: median(ceilings) };
}

async function measureSession(url: string, fixtures: Fixtures): Promise<number> {
  const query = {
    response_type: 'code',
    client_id: fixtures.app.id,
    redirect_uri: fixtures.callback,
    scope: 'openid',
    audience: API,
    state: 'bench',
  };
  const path = `/authorize?${new URLSearchParams(query)}`;
  const plain = { email: 'plain@bench.example' };
  await fetch(`${url}/api/v2/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${fixtures.managementToken}` },
    body: JSON.stringify({
      connection: 'Username-Password-Authentication',
      ...plain,
      password: fixtures.password,
      email_verified: true,
    }),
  });
  const cookie = await openSession(url, fixtures, path, plain.email);
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: fixtures.app.id,
    client_secret: fixtures.app.secret,
    redirect_uri: fixtures.callback,
  });
  const { perSecond } = await measure({
    url,
    script: 'session.lua',
    args: [cookie, path, form.toString()],
    seconds: SECONDS,
  });
  return perSecond / 2;
}

async function measureRotation(url: string, fixtures: Fixtures, tokens: string[], directory: string): Promise<number> {
  const file = join(directory, 'tokens.txt');
  writeFileSync(file, `${tokens.join('\n')}\n`);
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: fixtures.app.id,
    client_secret: fixtures.app.secret,
  });
  return clean(
    await measure({ url: `${url}/oauth/token`, script: 'rotate.lua', args: [form.toString(), file], seconds: SECONDS }),
  );
}

function print(rows: Row[], ceiling: number): void {
  process.stdout.write(
    `\nload by ${generator}; signing ceiling (RSA-2048, all cores): ${ceiling.toFixed(0)}/s\n\n| what | per second | of the ceiling | |\n|---|---|---|---|\n`,
  );
  for (const row of rows)
    process.stdout.write(
      `| ${row.what} | ${row.perSecond.toFixed(0)} | ${(row.perSecond / ceiling).toFixed(2)} | ${row.note ?? ''} |\n`,
    );
}

async function bench(directory: string): Promise<void> {
  const server = await startCountersign(directory);
  const peer = await startProcess(['scripts/bench/peer.ts'], { BENCH_SECRET: MANAGEMENT.secret });
  try {
    await managementToken(server.url);
    const firstTokenMs = server.sinceStart();
    await wait(IDLE_AFTER_MS);
    const idle = server.memory();
    const fixtures = await prepare(server.url, USERS);
    const { ours, peers, ceiling } = await alternate(server.url, peer.url);
    const logins = await loginAll(server.url, fixtures);
    const rotation = await measureRotation(server.url, fixtures, logins.refreshTokens, directory);
    const session = await measureSession(server.url, fixtures);
    const read = clean(
      await measure({
        url: `${server.url}/api/v2/clients/${fixtures.app.id}`,
        script: 'get.lua',
        args: [fixtures.managementToken],
        seconds: SECONDS,
      }),
    );
    print(
      [
        {
          what: 'client_credentials',
          perSecond: ours,
          note: `${(ours / peers).toFixed(2)} × oidc-provider (${peers.toFixed(0)}/s)`,
        },
        { what: 'refresh_token, rotating', perSecond: rotation },
        { what: 'password-realm + mfa-otp', perSecond: logins.perSecond, note: 'argon2id decides' },
        { what: 'authorize → token with a session', perSecond: session },
        { what: 'GET /api/v2/clients/{id}', perSecond: read },
      ],
      ceiling,
    );
    process.stdout.write(
      `\nready ${server.readyMs.toFixed(0)} ms after start, first token by ${firstTokenMs.toFixed(0)} ms; idle memory ${idle.toFixed(0)} MB, after the load ${server.memory().toFixed(0)} MB\n`,
    );
  } finally {
    await Promise.all([server.stop(), peer.stop()]);
  }
}

const directory = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
try {
  await bench(directory);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
