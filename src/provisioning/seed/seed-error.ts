import { ConfigurationError } from '../../config.ts';
import { Failure, isFailure, WireError } from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';

/** A seed that can't be applied. The message names the place in the file and the reason. */
export class SeedError extends ConfigurationError {}

/** What `error` says to an operator, or undefined when it is a fault of ours. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof SeedError) return error.message;
  if (isFailure(error, 'password_too_weak')) return `the password is too weak. It needs:\n${error.params.policy}`;
  if (error instanceof Failure) return reasonOf(presentFailure('management', error));
  if (error instanceof WireError) return error.message;
  return undefined;
}

/** Runs `work` and lets a refusal name `at`, the place in the file: `clients[0] (My app)`. Faults of ours pass as they are. */
export async function atPlace<R>(at: string, work: () => R | Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    throw new SeedError(`${at}: ${reason}`);
  }
}
