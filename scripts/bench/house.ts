import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fixtures } from './fixtures.ts';
import { type Measured, measure, type Script } from './load.ts';

/** The server under load, and all that a measurement needs. */
export interface House {
  readonly url: string;
  readonly fixtures: Fixtures;
  /** For files that the load is read from. */
  readonly directory: string;
  /** How long each measurement takes. */
  readonly seconds: number;
  /** How many requests are made in advance where each is good once. */
  readonly prepared: number;
}

export interface Row {
  readonly what: string;
  readonly perSecond: number;
  readonly note?: string;
}

/** `fields` as a form. */
export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

/** Requests a second. Throws where answers were errors: the figure would be worthless. */
export function clean({ perSecond, refused }: Measured): number {
  if (refused > 0) throw new Error(`${refused} answers were errors: the figure would be worthless`);
  return perSecond;
}

/** Load on `path`. */
export function load(
  { url, seconds }: House,
  path: string,
  script: Script,
  args: readonly string[],
  atMost = seconds,
): Promise<Measured> {
  return measure({ url: url + path, script, args, seconds: atMost });
}

/** Writes a line for each request that is good once. Answers the file. */
export function fileOf({ directory }: House, name: string, lines: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Calls the Management API. Throws on a refusal. */
export async function manage(
  { url, fixtures }: House,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v2/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${fixtures.managementToken}` },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Record<string, string>;
}
