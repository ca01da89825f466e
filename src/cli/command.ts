/** What a command is given: its operands by name, its options by name, the environment and where to write. */
export interface Invocation {
  readonly operands: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string | true | undefined>>;
  readonly environment: Environment;
  /** Writes one line to standard output. */
  print(line: string): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** An option: `value` is how its value is called in the usage; without one the option is a switch. */
export interface Option {
  readonly value?: string;
  readonly required?: true;
  readonly description: string;
}

/** One command of the command line, as data: the usage and the parsing of arguments come from it. */
export interface Command {
  /** `tenant add` */
  readonly name: string;
  readonly summary: string;
  /** Names of what follows the command, all of them needed. */
  readonly operands?: readonly string[];
  readonly options?: Readonly<Record<string, Option>>;
  /** Throws ConfigurationError for whatever the caller can mend. */
  run(invocation: Invocation): Promise<void>;
}

/** `tenant add NAME --url URL` */
export function usageOf({ name, operands = [], options = {} }: Command): string {
  const given = Object.entries(options).map(([option, { value, required }]) => {
    const text = value ? `--${option} ${value}` : `--${option}`;
    return required ? text : `[${text}]`;
  });
  return [name, ...operands, ...given].join(' ');
}

/** Declares a command. */
export function command(declared: Command): Command {
  return declared;
}
