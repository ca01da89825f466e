import type { Command } from '../command.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { keysRotate } from './keys-rotate.ts';
import { start } from './start.ts';
import { tenantAdd } from './tenant-add.ts';
import { tenantList } from './tenant-list.ts';

/** Everything that can follow `countersign`, in the order of the usage. */
export const commands: readonly Command[] = [dev, start, tenantAdd, tenantList, keysRotate, doctor];
