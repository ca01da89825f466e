import { run } from './cli/index.ts';
import { ConfigurationError } from './config.ts';

/** The process: the only place that ends it. */
try {
  await run(process.argv.slice(2), process.env);
} catch (error) {
  const text =
    error instanceof ConfigurationError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`countersign: ${text}\n`);
  process.exit(1);
}
