/** The browser of the end-to-end tests: the Chromium or Chrome of this machine, driven by playwright-core. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const OTHER_PLACES = [
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser's program: `TEST_CHROMIUM` if set, else the first one found on this machine. Throws when there is none. */
export function findChromium(): string {
  const given = process.env.TEST_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const usual = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...OTHER_PLACES];
  const found = (given ? [given] : usual).find(isProgram);
  if (found) return found;
  if (given) throw new Error(`TEST_CHROMIUM=${given} is no program.`);
  throw new Error('No Chromium found: install it (Debian: apt-get install chromium) or set TEST_CHROMIUM to its path.');
}

/**
 * Starts a headless browser; whoever starts it closes it. `hosts` maps names to addresses (`login.test` →
 * `127.0.0.1`) without touching the machine's own tables; `flags` are Chromium's. Its own
 * sandbox is off: it does not start for root and in most containers, and these pages are ours.
 */
export function launchChromium(
  options: { hosts?: Readonly<Record<string, string>>; flags?: readonly string[] } = {},
): Promise<Browser> {
  const rules = Object.entries(options.hosts ?? {}).map(([name, address]) => `MAP ${name} ${address}`);
  const args = [
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--no-first-run',
    ...(options.flags ?? []),
  ];
  if (rules.length > 0) args.push(`--host-resolver-rules=${rules.join(', ')}`);
  return chromium.launch({ executablePath: findChromium(), args, chromiumSandbox: false });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
