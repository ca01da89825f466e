/**
 * The command line. It owns how arguments are read, how the process is configured, started and drained, and the commands an operator
 * has beside the running server. What they do to tenants and keys belongs to `provisioning` and `resources`.
 */
import { parseArgs } from 'node:util';
import { ConfigurationError } from '../config.ts';
import { version } from '../version.ts';
import { type Command, type Environment, type Invocation, usageOf } from './command.ts';
import { commands } from './commands/index.ts';

type Parsed = Pick<Invocation, 'operands' | 'options'>;

const printLine: Invocation['print'] = (line) => void process.stdout.write(`${line}\n`);

function helpText(): string {
  const width = Math.max(...commands.map((one) => usageOf(one).length)) + 2;
  const line = (one: Command) => `  ${usageOf(one).padEnd(width)}${one.summary}`;
  const asides = ['  --help', '  --version'];
  return [
    'usage: countersign COMMAND',
    '',
    ...commands.map(line),
    ...asides,
    '',
    'Configuration: docs/configuration.md',
  ].join('\n');
}

function commandHelp(command: Command): string {
  const options = Object.entries(command.options ?? {});
  const lines = options.map(
    ([name, { value, description }]) => `  ${`--${name} ${value ?? ''}`.padEnd(24)}${description}`,
  );
  return [
    `usage: countersign ${usageOf(command)}`,
    '',
    command.summary,
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n');
}

/** The command whose words `args` begin with. */
function findCommand(args: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((word, at) => args[at] === word));
}

function refuseUsage(command: Command, reason: string): never {
  throw new ConfigurationError(`${reason}\nusage: countersign ${usageOf(command)}`);
}

function readArguments(
  command: Command,
  args: readonly string[],
): { values: Record<string, string | true | undefined>; positionals: string[] } {
  const options = Object.entries(command.options ?? {}).map(
    ([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }] as const,
  );
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(options) }) as ReturnType<
      typeof readArguments
    >;
  } catch (error) {
    return refuseUsage(command, error instanceof Error ? error.message : 'unknown option');
  }
}

function parse(command: Command, args: readonly string[]): Parsed {
  const { values, positionals } = readArguments(command, args);
  const names = command.operands ?? [];
  if (positionals.length > names.length) refuseUsage(command, `unexpected argument: ${positionals[names.length]}`);
  const missing = names[positionals.length];
  if (missing) refuseUsage(command, `${missing} is missing`);
  for (const [name, { required }] of Object.entries(command.options ?? {})) {
    if (required && values[name] === undefined) refuseUsage(command, `--${name} is missing`);
  }
  return { operands: Object.fromEntries(names.map((name, at) => [name, positionals[at] ?? ''])), options: values };
}

/**
 * Runs the command that `args` name, with configuration from `environment`. Resolves when it is done, or when the server listens.
 * `print` takes the lines of its output.
 * Throws ConfigurationError, whose message is for the operator, for what is wrong with the arguments or the configuration.
 */
export async function run(args: readonly string[], environment: Environment, print = printLine): Promise<void> {
  if (args[0] === '--version') return print(version);
  const command = findCommand(args);
  const wantsHelp = args.includes('--help') || args[0] === 'help';
  if (wantsHelp) return print(command ? commandHelp(command) : helpText());
  if (!command)
    throw new ConfigurationError(`${args.length > 0 ? `no such command: ${args.join(' ')}\n` : ''}${helpText()}`);
  const rest = args.slice(command.name.split(' ').length);
  await command.run({ ...parse(command, rest), environment, print });
}
