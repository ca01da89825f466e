import { type Context, fail } from '../kernel/index.ts';
import type { JWK } from '../platform/crypto/index.ts';
import { type Outbound, OutboundFailed, OutboundRefused } from '../platform/outbound/index.ts';

/** How long published keys are believed, and how soon a key that is missing is looked for again. */
const FRESH_MS = 600_000;
const AGAIN_MS = 30_000;
/** Sets of keys that are remembered for each way out; the oldest goes first. */
const MOST = 500;
const MAX_BYTES = 256 * 1024;

interface Fetched {
  readonly keys: Promise<readonly JWK[]>;
  /** ms */
  readonly at: number;
}

/** By the way out, so that two servers in one process do not share what they heard; by tenant, so that nobody fills another's. */
const remembered = new WeakMap<Outbound, Map<string, Fetched>>();

/**
 * The keys that another server publishes at `url` (RFC 7517 §5), fetched through the guarded way out and remembered for ten minutes.
 * With `kid`: a set without it is fetched again, at most twice a minute, as keys rotate.
 *
 * @throws Failure temporarily_unavailable when they cannot be had
 */
export async function remoteKeys(ctx: Context, url: string, kid?: unknown): Promise<readonly JWK[]> {
  const known = remembered.get(ctx.outbound) ?? new Map<string, Fetched>();
  remembered.set(ctx.outbound, known);
  const name = `${ctx.tenant.id} ${url}`;
  const found = known.get(name);
  const age = ctx.clock.now() - (found?.at ?? 0);
  if (found && age < FRESH_MS) {
    const keys = await found.keys;
    if (kid === undefined || age < AGAIN_MS || keys.some((key) => key.kid === kid)) return keys;
  }
  return (await remember(ctx, known, name, url)).keys;
}

async function remember(ctx: Context, known: Map<string, Fetched>, name: string, url: string): Promise<Fetched> {
  const fetched = { keys: fetchKeys(ctx, url), at: ctx.clock.now() };
  known.delete(name);
  if (known.size >= MOST) known.delete(known.keys().next().value as string);
  known.set(name, fetched);
  fetched.keys.catch(() => known.get(name) === fetched && known.delete(name));
  return fetched;
}

async function fetchKeys(ctx: Context, url: string): Promise<readonly JWK[]> {
  const answer = await ctx.outbound
    .request({ url, headers: { accept: 'application/json' }, maxBytes: MAX_BYTES })
    .catch((error: unknown) => unavailable(error));
  if (answer.status !== 200) return fail('temporarily_unavailable', {}, `${url} answered ${answer.status}`);
  return readKeys(answer.text()) ?? fail('temporarily_unavailable', {}, `${url} has no key set`);
}

function unavailable(error: unknown): never {
  const isExpected = error instanceof OutboundRefused || error instanceof OutboundFailed;
  if (!isExpected) throw error;
  return fail('temporarily_unavailable', {}, error.message);
}

function readKeys(text: string): readonly JWK[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys.filter((key) => typeof key?.kty === 'string') : undefined;
  } catch {
    return undefined;
  }
}
