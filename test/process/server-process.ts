/** The server as an operator runs it: a process of its own, spoken to over sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;

/** What production needs, for a tenant at `https://login.example.test` on free ports. */
export const PRODUCTION = {
  COUNTERSIGN_URL: 'https://login.example.test',
  COUNTERSIGN_SECRET: 'the master key of a process test, 0123456789',
  COUNTERSIGN_HOST: '127.0.0.1',
  COUNTERSIGN_PORT: '0',
  COUNTERSIGN_LOG_LEVEL: 'error',
  COUNTERSIGN_MANAGEMENT_CLIENT_ID: 'operations',
  COUNTERSIGN_MANAGEMENT_CLIENT_SECRET: 'a-secret-of-the-management-client-0123456789',
} as const;

export interface Ready {
  readonly url: string;
  readonly tls_url?: string;
  readonly port?: number;
  readonly tls_port?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** Rejects, with what the process wrote, when it ends before it is ready. */
  readonly ready: Promise<Ready>;
  readonly ended: Promise<Ended>;
}

/** A folder for one test's files, and the way to remove it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'countersign-process-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs `countersign <args>` with this environment and nothing of ours beside it, in `folder`. */
export function startProcess(args: readonly string[], environment: Record<string, string>, folder: string): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(COUNTERSIGN_|NODE_TEST|TEST_)/.test(name));
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const ended = new Promise<Ended>((settle) => child.once('close', (code) => settle({ code, ...written })));
  const ready = new Promise<Ready>((settle, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      written.stdout += chunk;
      const line = written.stdout.split('\n').find((candidate) => candidate.startsWith('{"ready":true'));
      if (line) settle(JSON.parse(line) as Ready);
    });
    void ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before it was ready: ${stderr}`)));
    setTimeout(() => reject(new Error(`not ready: ${written.stderr}`)), READY_WITHIN_MS).unref();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    written.stderr += chunk;
  });
  // A test that waits for the end only does not look at it.
  ready.catch(() => {});
  return { child, ready, ended };
}

/** Runs a command that ends by itself. */
export function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
  folder: string,
): Promise<Ended> {
  return startProcess(args, environment, folder).ended;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** Reads an answer to its end. */
export function readReply(message: IncomingMessage): Promise<Reply> {
  return new Promise((settle, reject) => {
    let text = '';
    message.setEncoding('utf8');
    message.on('data', (chunk: string) => {
      text += chunk;
    });
    message.on('error', reject);
    message.on('end', () => {
      const { statusCode = 0, headers } = message;
      settle({
        status: statusCode,
        headers,
        text,
        get json() {
          return JSON.parse(text);
        },
      });
    });
  });
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  /** The Host header: which tenant is meant. */
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  readonly agent?: RequestOptions['agent'];
}

/** One request to a port of this machine. Rejects when nobody listens there. */
export function ask(port: number, asked: Asked): Promise<Reply> {
  const { path, host = 'login.example.test', headers, json, form, agent = false } = asked;
  const payload = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json);
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
  const method = asked.method ?? (payload === undefined ? 'GET' : 'POST');
  return new Promise((settle, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent,
      headers: { host, ...(payload === undefined ? {} : { 'content-type': type }), ...headers },
    });
    sent.once('response', (message) => settle(readReply(message)));
    sent.once('error', reject);
    sent.end(payload);
  });
}

/** A Management API token of the operator's own client. */
export async function managementToken(port: number): Promise<string> {
  const reply = await ask(port, {
    path: '/oauth/token',
    form: {
      grant_type: 'client_credentials',
      client_id: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_ID,
      client_secret: PRODUCTION.COUNTERSIGN_MANAGEMENT_CLIENT_SECRET,
      audience: `${PRODUCTION.COUNTERSIGN_URL}/api/v2/`,
    },
  });
  if (reply.status !== 200) throw new Error(`no Management token: ${reply.status} ${reply.text}`);
  return reply.json.access_token as string;
}

/** Ends a process the way an orchestrator does, and waits for it. */
export async function stopProcess({ child, ended }: Started): Promise<Ended> {
  child.kill('SIGTERM');
  return ended;
}
