import { Resolver } from 'node:dns/promises';
import { OutboundFailed } from './errors.ts';

/** The TXT records of a name, each in its parts. Rejects with a `code` as `node:dns` does. */
export type TextLookup = (name: string) => Promise<readonly (readonly string[])[]>;

const TIMEOUT_MS = 3000;
/** There is no such name, or none with a text: that is an answer. */
const NOTHING: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA']);
const MOST = 100;

const systemTexts: TextLookup = (name) => new Resolver({ timeout: TIMEOUT_MS, tries: 2 }).resolveTxt(name);

/** The TXT records of `name`. Throws OutboundFailed when no name server answers in time. */
export async function lookUpTexts(name: string, lookup: TextLookup = systemTexts): Promise<readonly string[]> {
  try {
    const records = await lookup(name);
    return records.slice(0, MOST).map((parts) => parts.join(''));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (NOTHING.has(code)) return [];
    throw new OutboundFailed('connection', `no name server answers for ${name}`, error);
  }
}
