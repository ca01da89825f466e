import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { SeedError } from './seed-error.ts';

export type Members = Readonly<Record<string, unknown>>;

/** The Deploy CLI's placeholders, which it fills in itself before anything is sent. */
const PLACEHOLDER = /@@[A-Z][A-Z0-9_]*@@|##[A-Z][A-Z0-9_]*##/;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SeedError(error instanceof Error ? error.message : 'can not be read');
  }
}

function parseText(text: string): unknown {
  try {
    // JSON is YAML. What comes back is plain data: no shared references, no values that JSON has no word for.
    return JSON.parse(JSON.stringify(parse(text, { prettyErrors: true }) ?? {}));
  } catch (error) {
    throw new SeedError(error instanceof Error ? error.message.trim() : 'is not YAML');
  }
}

/** The seed in the file at `path` (YAML or JSON) as an object. SeedError when it can't be read or is none. */
export function readSeedFile(path: string): Members {
  const text = read(path);
  const placeholder = PLACEHOLDER.exec(text)?.[0];
  if (placeholder) throw new SeedError(`${placeholder} was not replaced; write its value into the file`);
  const seed = parseText(text);
  if (!isMembers(seed)) throw new SeedError('must be an object with sections such as clients and connections');
  return seed;
}

/** The entries of the section `key`, each with its place in the file. SeedError when it is no list of objects. */
export function entriesOf(key: string, value: unknown): { at: string; entry: Members }[] {
  if (!Array.isArray(value)) throw new SeedError(`${key}: must be a list`);
  return value.map((entry, position) => {
    const at = `${key}[${position}]`;
    if (!isMembers(entry)) throw new SeedError(`${at}: must be an object`);
    const called = entry.name ?? entry.email ?? entry.username ?? entry.phone_number;
    return { at: typeof called === 'string' ? `${at} (${called})` : at, entry };
  });
}

/** True for what asks for nothing: a list or an object without entries, or no value. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
