/** Runs test files in groups, a process for each group: to start one and load the server into it takes longer than most files do. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

export type Tally = { passed: number; failed: number };

type Event = { type: string; data: EventData };
type EventData = {
  name?: string;
  nesting?: number;
  file?: string;
  skip?: unknown;
  todo?: unknown;
  details?: { type?: string; error?: { failureType?: string } };
};

const GROUP = join(import.meta.dirname, 'group.ts');
const LARGEST_GROUP = 10;
/** When nothing was reported for so long, a file has left something open and never ends: its group is cut off. More than a file may take. */
const SILENCE_MS = 360_000;

/** Runs the files and prints what became of each test. A process that dies, or is cut off, counts as a failed test. */
export async function runGroups(files: readonly string[]): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const concurrency = Math.max(2, availableParallelism());
  const groups = groupsOf(files, concurrency);
  const reporter = new spec();
  reporter.pipe(process.stdout, { end: false });
  const work = async () => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      for (const event of await runGroup(group)) {
        count(event, tally);
        reporter.write(event);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const printed = new Promise((resolve) => reporter.once('end', resolve));
  reporter.end();
  await printed;
  return tally;
}

/** Neighbours together. Not all that a processor has to do in one, so that none waits long for the others. */
function groupsOf(files: readonly string[], concurrency: number): string[][] {
  const size = Math.min(LARGEST_GROUP, Math.ceil(files.length / (4 * concurrency)));
  const starts = Array.from({ length: Math.ceil(files.length / size) }, (_, index) => index * size);
  return starts.map((start) => files.slice(start, start + size));
}

/** Answers what one process reported, once it has ended. When it dies, each file that had not ended is run again, alone, to show which one it was. */
async function runGroup(files: string[]): Promise<Event[]> {
  const { events, ended, isWhole } = await runProcess(files);
  const left = files.filter((file) => !ended.has(file));
  if (isWhole && left.length === 0) return events;
  events.push(...failure(`the process of ${files.join(', ')}`));
  if (files.length > 1) for (const file of left) events.push(...(await runGroup([file])));
  return events;
}

async function runProcess(files: string[]): Promise<{ events: Event[]; ended: Set<string>; isWhole: boolean }> {
  const cut = new AbortController();
  const watchdog = setTimeout(() => cut.abort(), SILENCE_MS);
  const events: Event[] = [];
  const ended = new Set<string>();
  let isWhole = true;
  for await (const event of run({ files: [GROUP], argv: files, signal: cut.signal }) as AsyncIterable<Event>) {
    watchdog.refresh();
    const { type, data } = event;
    if (data.name === GROUP) isWhole &&= type !== 'test:fail' || isOfOthers(event);
    else if (data.file !== undefined) events.push(event);
    if (type === 'test:complete' && data.nesting === 0 && data.name) ended.add(data.name);
  }
  clearTimeout(watchdog);
  return { events, ended, isWhole };
}

/** As the runner reports a test that failed. */
function failure(name: string): Event[] {
  const data = { name, nesting: 0, file: GROUP, line: 1, column: 1, testNumber: 0 };
  const error = Object.assign(new Error('it died, or did not end'), { failureType: 'testCodeFailure' });
  return [
    { type: 'test:start', data },
    { type: 'test:fail', data: { ...data, details: { duration_ms: 0, type: 'test', error } } as EventData },
  ];
}

/** Did it fail only because something within it did, which is reported too? */
const isOfOthers = ({ data }: Event) => data.details?.error?.failureType === 'subtestsFailed';

/** Suites are no tests; one that fails by itself, in a hook, counts all the same. */
function count(event: Event, tally: Tally): void {
  const { type, data } = event;
  if (data.skip !== undefined || data.todo !== undefined) return;
  const isSuite = data.details?.type === 'suite';
  if (type === 'test:pass' && !isSuite) tally.passed += 1;
  if (type === 'test:fail' && !(isSuite && isOfOthers(event))) tally.failed += 1;
}
