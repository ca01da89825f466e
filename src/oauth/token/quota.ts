import { type Context, oauthError, type TokenQuota } from '../../kernel/index.ts';
import { countToken, type QuotaHolder, type QuotaWindow } from '../../protection/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { Organization } from '../../resources/organizations/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import type { Authorization } from './authorization.ts';

const HEADERS = { client: 'auth0-client-quota-limit', organization: 'auth0-organization-quota-limit' } as const;
const REFUSALS = { client: 'Client quota exceeded', organization: 'Organization quota exceeded' } as const;

/** What the tokens of one holder of a quota come to. */
interface Count {
  readonly holder: QuotaHolder;
  readonly windows: readonly QuotaWindow[];
}

/**
 * What a client's token for itself counts against: the quota of the client and that of the organization it acts for, each its own or the
 * tenant's default. Empty where there is none: then nothing is read or written. The token is counted when it is issued, and
 * refused (429 too_many_requests) when a quota is used up that is enforced; a refused one counts nowhere.
 */
export async function underQuota(
  ctx: Context,
  client: StoredClient,
  organization: Organization | undefined,
): Promise<Pick<Authorization, 'consume' | 'headers'>> {
  const { default_token_quota: defaults } = await tenantSettings(ctx);
  const holders = [
    holder('client', client.client_id, client.token_quota ?? defaults?.clients),
    organization && holder('organization', organization.id, organization.token_quota ?? defaults?.organizations),
  ].filter((one) => one !== undefined);
  if (holders.length === 0) return {};
  let counts: readonly Count[] = [];
  return {
    async consume() {
      counts = await countAll(ctx, holders);
      refuseExceeded(counts);
    },
    headers() {
      warnOfExceeded(ctx, counts);
      return headersOf(counts, 1);
    },
  };
}

function holder(kind: QuotaHolder['kind'], id: string, quota: TokenQuota | null | undefined): QuotaHolder | undefined {
  const limits = quota?.client_credentials;
  return quota && (limits?.per_hour ?? limits?.per_day) !== undefined ? { kind, id, quota } : undefined;
}

async function countAll(ctx: Context, holders: readonly QuotaHolder[]): Promise<Count[]> {
  const counts: Count[] = [];
  for (const one of holders) counts.push({ holder: one, windows: await countToken(ctx, one) });
  return counts;
}

const isExceeded = ({ used, quota }: QuotaWindow) => used >= quota;
const isEnforced = ({ quota }: QuotaHolder) => quota.client_credentials.enforce !== false;

function refuseExceeded(counts: readonly Count[]): void {
  const exceeded = counts.find((count) => isEnforced(count.holder) && count.windows.some(isExceeded));
  if (!exceeded) return;
  const wait = Math.max(...exceeded.windows.filter(isExceeded).map(({ resetsIn }) => resetsIn));
  throw oauthError(429, 'too_many_requests', REFUSALS[exceeded.holder.kind], {
    headers: { ...headersOf(counts, 0), 'retry-after': String(wait) },
  });
}

/** A quota that is only watched: its first token too many in each window is logged. */
function warnOfExceeded(ctx: Context, counts: readonly Count[]): void {
  for (const { holder: one, windows } of counts) {
    const first = windows.find(({ used, quota }) => used === quota);
    if (!first) continue;
    const description = `${REFUSALS[one.kind]} (${first.name}); it is not enforced.`;
    ctx.audit({ type: 'api_limit_warning', description, details: { [`${one.kind}_id`]: one.id, quota: first.quota } });
  }
}

/** Auth0: `b=per_hour;q=10;r=7;t=3540,b=per_day;q=50;r=47;t=43200`. `taken`: by this request. */
function headersOf(counts: readonly Count[], taken: 0 | 1): Record<string, string> {
  return Object.fromEntries(
    counts.map(({ holder: { kind }, windows }) => [
      HEADERS[kind],
      windows.map((window) => describe(window, taken)).join(','),
    ]),
  );
}

function describe({ name, quota, used, resetsIn }: QuotaWindow, taken: 0 | 1): string {
  return `b=${name};q=${quota};r=${Math.max(0, quota - used - taken)};t=${resetsIn}`;
}
