#!/usr/bin/env node
// The command `countersign`. The published package carries plain JavaScript, since Node strips no types below
// node_modules; a checkout runs its source.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNode } from './runtime.js';

const built = join(ROOT, 'dist', 'main.js');
const entry = existsSync(built) ? built : join(ROOT, 'src', 'main.ts');

runNode([...process.execArgv, entry, ...process.argv.slice(2)]);
