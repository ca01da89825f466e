import type { Refusal, Transaction } from './transaction.ts';

/** What a login needs next. */
export type Step =
  | 'refuse'
  | 'confirm_device'
  | 'choose_organization'
  | 'login'
  | 'mfa_enroll'
  | 'mfa_challenge'
  | 'recovery_code_shown'
  | 'offer_passkey'
  | 'pick_organization'
  | 'consent'
  | 'approve_request'
  | 'confirm_callback'
  | 'issue';

/** What is true outside of the transaction while the next step is decided. */
export interface Facts {
  /** ms */
  readonly now: number;
  /** Does the application, the tenant or the API ask this user for a second factor that has not been proved? */
  readonly secondFactor: 'not_needed' | 'enroll' | 'challenge';
  /** Is something asked for that the user must allow first? */
  readonly consentNeeded: boolean;
  /** Could any program on the user's device be behind the callback, and must the user be asked about that? */
  readonly callbackUnverifiable: boolean;
  /** Must the user say which organization they log in to, before they do or once it is known whose they are? */
  readonly organization: 'settled' | 'ask_before' | 'ask_after';
}

/** Decides what `transaction` needs next. Pure: the same transaction and facts always lead to the same step. */
export function nextStep(
  transaction: Pick<
    Transaction,
    | 'refusal'
    | 'decision'
    | 'user_id'
    | 'mfa_expires_at'
    | 'second_factor'
    | 'interactive'
    | 'callback_confirmed'
    | 'passkey_offer'
  >,
  facts: Facts,
): Step {
  if (transaction.refusal) return 'refuse';
  const undecided = transaction.decision?.confirmed ? undefined : transaction.decision?.kind;
  if (undecided === 'device') return 'confirm_device';
  if (facts.organization === 'ask_before') return 'choose_organization';
  if (!transaction.user_id) return 'login';
  if (transaction.second_factor?.recovery_code_sealed) return 'recovery_code_shown';
  if (facts.secondFactor !== 'not_needed') return secondFactorStep(transaction, facts);
  // Not before all is proved: a password alone must not make a key that needs none.
  if (transaction.passkey_offer) return 'offer_passkey';
  if (facts.organization === 'ask_after') return 'pick_organization';
  if (facts.consentNeeded) return 'consent';
  if (undecided === 'ciba') return 'approve_request';
  const isUnaware = !transaction.interactive && !transaction.callback_confirmed;
  if (facts.callbackUnverifiable && isUnaware) return 'confirm_callback';
  return 'issue';
}

function secondFactorStep({ mfa_expires_at }: Pick<Transaction, 'mfa_expires_at'>, facts: Facts): Step {
  const isLate = mfa_expires_at !== undefined && mfa_expires_at <= facts.now;
  if (isLate) return 'login';
  return facts.secondFactor === 'enroll' ? 'mfa_enroll' : 'mfa_challenge';
}

/** What an application is told that asked for `prompt=none` when `step` would have to show a page (OIDC Core §3.1.2.6). */
export function silentRefusal(step: Exclude<Step, 'issue' | 'refuse'>): Refusal {
  return SILENT_REFUSALS[step];
}

// Auth0's SDKs compare the text of the second factor to open a window for it.
const MFA_NEEDED = { error: 'login_required', error_description: 'Multifactor authentication required' };
const SILENT_REFUSALS: Readonly<Record<Exclude<Step, 'issue' | 'refuse'>, Refusal>> = {
  choose_organization: { error: 'interaction_required', error_description: 'Interaction required' },
  login: { error: 'login_required', error_description: 'Login required' },
  mfa_enroll: MFA_NEEDED,
  mfa_challenge: MFA_NEEDED,
  recovery_code_shown: MFA_NEEDED,
  offer_passkey: { error: 'interaction_required', error_description: 'Interaction required' },
  pick_organization: { error: 'interaction_required', error_description: 'Interaction required' },
  confirm_device: { error: 'interaction_required', error_description: 'Interaction required' },
  consent: { error: 'consent_required', error_description: 'Consent required' },
  approve_request: { error: 'consent_required', error_description: 'Consent required' },
  confirm_callback: { error: 'interaction_required', error_description: 'Interaction required' },
};
