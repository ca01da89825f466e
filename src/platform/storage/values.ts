import { hash } from 'node:crypto';
import type { ColumnType } from '../../kernel/index.ts';

/** PostgreSQL refuses index entries above 2704 bytes; the longest entry has a tenant and up to four values of this many bytes. */
const LONGEST_BYTES = 640;
const PREFIX_BYTES = 600;

/**
 * `text` as a column holds it, and as it is looked up: well-formed Unicode without NUL (PostgreSQL stores neither), and for what is too
 * long for an index its beginning with a digest. The latter is longer than any value kept as it is, so the two are never taken for each other.
 */
export function columnText(text: string): string {
  const clean = text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
  if (clean.length * 3 <= LONGEST_BYTES) return clean;
  const bytes = Buffer.from(clean, 'utf8');
  if (bytes.length <= LONGEST_BYTES) return clean;
  return `${bytes.subarray(0, PREFIX_BYTES).toString('utf8')}#${hash('sha256', bytes, 'base64url')}`;
}

/** `value` as a column of `type` holds it; `undefined` and `null` become NULL. TypeError for a value of another type. */
export function columnValue(type: ColumnType, value: unknown, name: string): string | number | null {
  if (value === undefined || value === null) return null;
  if (type === 'text' && typeof value === 'string') return columnText(value);
  if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError(`${name}: ${typeof value} is not a ${type}`);
}

/** `document` as JSON text that both engines store: see `columnText` for what becomes of NUL and of half surrogate pairs. */
export function jsonText(document: object): string {
  const text = JSON.stringify(document);
  if (!text.includes('\\u')) return text;
  return text.replace(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\ufffd'));
}

/** The document of a row: PostgreSQL answers it parsed, SQLite as text. */
export function parseDocument<T>(data: unknown): T {
  return (typeof data === 'string' ? JSON.parse(data) : data) as T;
}
