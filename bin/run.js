// `node bin/run.js <file or option> …` is `node …` under a Node that can run this project's source.
import { runNode } from './runtime.js';

runNode(process.argv.slice(2));
