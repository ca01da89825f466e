import { UpstreamTrouble } from '../../platform/upstream/index.ts';
import type { Refusal } from '../../transactions/index.ts';

/** Codes that an authorization server may answer with (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6): they mean the same to ours. */
const PASSED_ON: ReadonlySet<string> = new Set([
  ...['invalid_request', 'unauthorized_client', 'access_denied', 'unsupported_response_type', 'invalid_scope'],
  ...['server_error', 'temporarily_unavailable', 'interaction_required', 'login_required'],
  ...['account_selection_required', 'consent_required'],
]);

/**
 * What the application is told when its user could not be brought back from a provider. `answered`: the provider said so itself over the
 * browser. The rest is `access_denied`, save that nobody answered.
 */
export function refusalOfTrouble(trouble: UpstreamTrouble, answered: boolean): Refusal {
  const { kind, error, message } = trouble;
  const passes = answered && kind === 'refused' && error !== undefined && PASSED_ON.has(error);
  const code = passes ? error : kind === 'unreachable' ? 'temporarily_unavailable' : 'access_denied';
  return { error: code, error_description: message };
}

/** Runs `work`; answers what it came to, or what the application is told instead. Everything but UpstreamTrouble passes. */
export async function orRefusal<R>(work: Promise<R>, answered = false): Promise<R | { readonly refusal: Refusal }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UpstreamTrouble)) throw error;
    return { refusal: refusalOfTrouble(error, answered) };
  }
}
