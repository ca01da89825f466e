/**
 * Speed beside peers and beside the machine's signing ceiling, in one run; absolute figures mean little elsewhere, ratios travel.
 * Load comes from `wrk` where the machine has it, else from autocannon. Usage: node scripts/bench.ts [seconds per measurement]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { signingCeiling } from './bench/ceiling.ts';
import { coreRows } from './bench/core-rows.ts';
import { API, MANAGEMENT, managementToken, prepare } from './bench/fixtures.ts';
import { clean, form, type Row } from './bench/house.ts';
import { generator, type Measured, measure } from './bench/load.ts';
import { type Started, startProcess } from './bench/process.ts';
import { proofRows } from './bench/proof-rows.ts';

const SECONDS = Number(process.argv[2] ?? 8);
const ROUNDS = 3;
const USERS = 200;
/** What only starting needed is given back a second after it. */
const IDLE_AFTER_MS = 3000;
const PREPARED = 40_000;

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function startCountersign(directory: string): Promise<Started> {
  return startProcess(['src/main.ts', 'dev'], {
    COUNTERSIGN_DATABASE: `sqlite:${join(directory, 'bench.db')}`,
    COUNTERSIGN_DATA: directory,
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_TLS_PORT: 'off',
    // What is prepared in one go is spread over addresses: codes for devices are counted by them.
    COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1',
    COUNTERSIGN_MANAGEMENT_CLIENT_ID: MANAGEMENT.id,
    COUNTERSIGN_MANAGEMENT_CLIENT_SECRET: MANAGEMENT.secret,
  });
}

function clientCredentials(url: string, path: string, fields: Record<string, string>): Promise<Measured> {
  return measure({
    url: url + path,
    script: 'post.lua',
    args: [form(fields)],
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
    const house = { url: server.url, fixtures, directory, seconds: SECONDS, prepared: PREPARED };
    const note = `${(ours / peers).toFixed(2)} × oidc-provider (${peers.toFixed(0)}/s)`;
    const first: Row = { what: 'client_credentials', perSecond: ours, note };
    print([first, ...(await coreRows(house)), ...(await proofRows(house))], ceiling);
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
