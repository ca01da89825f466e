import { type Context, isoTime } from '../../../kernel/index.ts';
import type { Delivery } from '../factor.ts';

/** What the category of an iOS notification must be for the SDK to read it. */
const CATEGORY = 'com.auth0.notification.authentication';

interface Named {
  readonly n: string;
  readonly v?: string;
}

const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /Edg\/([\d.]+)/],
  ['Firefox', /Firefox\/([\d.]+)/],
  ['Chrome', /Chrome\/([\d.]+)/],
  ['Safari', /Version\/([\d.]+).*Safari\//],
];
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['Android', /Android ([\d.]+)/],
  ['iOS', /(?:iPhone|CPU) OS ([\d_]+)/],
  ['macOS', /Mac OS X ([\d_.]+)/],
  ['Windows', /Windows NT ([\d.]+)/],
  ['Linux', /Linux/],
];

function recognize(userAgent: string, known: typeof BROWSERS): Named | undefined {
  for (const [n, pattern] of known) {
    const found = pattern.exec(userAgent);
    if (found) return { n, ...(found[1] ? { v: found[1].replaceAll('_', '.') } : {}) };
  }
  return undefined;
}

function describeSource(userAgent: string): Readonly<Record<string, Named>> {
  const browser = recognize(userAgent, BROWSERS);
  const os = recognize(userAgent, SYSTEMS);
  return { ...(browser ? { b: browser } : {}), ...(os ? { os } : {}) };
}

/**
 * A notification as the SDKs read it: who is asked (`dai`), where to answer (`sh`), with what (`txtkn`, `c`), when (`d`), from what
 * browser and system (`s`), and, where an application asks for something, under which id the app learns what (`txlnkid`). On iOS it stands under `mfa`; on Android it is a flat map of strings, with `s` as JSON. Where the
 * browser stands is not known here, so there is no `l`.
 */
export function pushPayload(ctx: Context, { authenticator, challenge, secret }: Delivery): Record<string, unknown> {
  const source = describeSource(ctx.caller.userAgent);
  const mfa = {
    dai: authenticator.id,
    txtkn: secret,
    c: challenge.push_challenge ?? '',
    d: isoTime(challenge.created_at),
    ...(challenge.consent ? { txlnkid: challenge.consent.id } : {}),
    sh: `${ctx.issuer}appliance-mfa`,
  };
  if (authenticator.device?.push_service !== 'APNS') return { ...mfa, s: JSON.stringify(source) };
  const title = challenge.consent ? 'Approval request' : 'Login request';
  const aps = { category: CATEGORY, alert: { title }, sound: 'default' };
  return { aps, mfa: { ...mfa, s: source } };
}
