import { readFileSync } from 'node:fs';

/** Beside `src` in a checkout, beside `dist` in the published package. */
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** The version that runs, as `package.json` has it. */
export const version = manifest.version;
