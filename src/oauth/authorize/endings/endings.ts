import { finishTransaction, lostTransaction, type Transaction } from '../../../transactions/index.ts';
import { backchannelEnding } from '../../ciba/backchannel-ending.ts';
import { deviceEnding } from '../../device/device-ending.ts';
import { auditRefusal } from '../audit.ts';
import { answerWithRefusal } from '../respond.ts';
import { completeLogin } from './complete-login.ts';
import type { Ending } from './ending.ts';
import { foreignEnding } from './foreign-ending.ts';

/** The application that sent the browser gets it back, with what it asked for or with the reason why not. */
const applicationEnding: Ending = {
  complete: completeLogin,
  async refuse(ctx, { transaction, client, user }, refusal) {
    if (!(await finishTransaction(ctx, transaction))) throw lostTransaction('finished meanwhile');
    const { request, connection } = transaction;
    auditRefusal(ctx, { client, user, connection, request }, refusal.error_description);
    return answerWithRefusal(ctx, { client, to: request }, refusal);
  },
};

const DECIDED = { device: deviceEnding, ciba: backchannelEnding } as const;

/** How `transaction` ends. */
export function endingOf({ decision, foreign }: Transaction): Ending {
  if (foreign) return foreignEnding(foreign);
  return decision ? DECIDED[decision.kind] : applicationEnding;
}
