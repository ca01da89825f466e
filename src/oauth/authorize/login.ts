import type { Context } from '../../kernel/index.ts';
import { isSecondFactorRequired, mfaRequirements } from '../../mfa/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { hasRefreshTokenFamily } from '../../resources/refresh-tokens/index.ts';
import { isSessionOver, type Session, sessionsOf } from '../../resources/sessions/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import {
  type Cookies,
  type Facts,
  isOutdated,
  type LoginDraft,
  nextStep,
  type Refusal,
  type Step,
  type Transaction,
} from '../../transactions/index.ts';
import { mayStillAct, targetOfActor } from '../acting.ts';
import { serviceNotFound } from '../audience.ts';
import { isTransaction } from '../authorization-details.ts';
import { resolveLogin } from '../legacy-login.ts';
import { grantScopes } from '../scopes.ts';
import type { Target } from '../target.ts';
import { type Flow, OFFLINE_ACCESS, ONLINE_ACCESS } from '../vocabulary.ts';
import { asksConfirmation } from './confirmation.ts';
import { isConsentNeeded } from './consent.ts';
import { assessOrganization, type LoginOrganization, standingOf } from './login-organization.ts';
import { flowOf } from './request/response-types.ts';

/** A login as it stands, with everything around it that the next step depends on. */
export interface Login<T extends LoginDraft | Transaction = LoginDraft | Transaction> {
  readonly transaction: T;
  readonly client: StoredClient;
  readonly user: User | undefined;
  readonly session: Session | undefined;
  readonly target: Target;
  /** What will be granted of what was asked for. */
  readonly scope: readonly string[];
  readonly organization: LoginOrganization;
  readonly step: Step;
}

/**
 * Looks at everything that `transaction` depends on and decides what it needs next. A user or session that is gone meanwhile counts
 * as nobody logged in; a blocked user as a refusal.
 *
 * @throws WireError 403 access_denied when the API or the client's right to it went away
 */
export async function assessLogin<T extends LoginDraft | Transaction>(
  ctx: Context,
  client: StoredClient,
  stored: T,
  cookies: Cookies,
): Promise<Login<T>> {
  const { request } = stored;
  const recalled = await recallUser(ctx, stored);
  const { user, session } = recalled;
  const organization = await assessOrganization(ctx, client, recalled.transaction, user);
  const transaction = withRefusal(recalled.transaction, organization.refusal);
  const actor = transaction.actor ?? session?.actor;
  const target = targetOfActor(await resolveLogin(ctx, client, request.audience, serviceNotFound), actor);
  const wish = { target, client, user, requested: request.scope, device: request.device, flow: flowOfLogin(stored) };
  const granted = await grantScopes(ctx, { ...wish, ...(await standingOf(ctx, organization)) });
  const isTransferred = (transaction.transferred_from ?? session?.transferred_from) !== undefined;
  const scope = actor || isTransferred ? scopesOfTransferred(client, granted, actor !== undefined) : granted;
  const login = { transaction, client, user, session, target, scope, organization };
  const facts = await gatherFacts(ctx, login, cookies);
  const step = nextStep(transaction, facts);
  // What the user proves who they are with is theirs to set up.
  if (!actor || (MAY_FOLLOW.includes(step) && target.kind !== 'mfa')) return { ...login, step };
  return { ...login, transaction: withRefusal(transaction, UNATTENDED), step: 'refuse' };
}

/** `transaction` with the reason for which it must end, unless it has one already. */
function withRefusal<T extends LoginDraft | Transaction>(transaction: T, refusal: Refusal | undefined): T {
  return refusal && !transaction.refusal ? { ...transaction, refusal } : transaction;
}

/** Auth0: whoever acts for somebody cannot be asked what only they can answer. */
const MAY_FOLLOW: readonly Step[] = ['login', 'issue', 'refuse'];
const UNATTENDED: Refusal = { error: 'interaction_required', error_description: 'Interaction required' };

/** Auth0: an application gets refresh tokens of logins that were handed over only where it says so, and of delegated ones never. */
function scopesOfTransferred(
  { session_transfer }: StoredClient,
  granted: readonly string[],
  isDelegated: boolean,
): readonly string[] {
  if (!isDelegated && session_transfer?.allow_refresh_token === true) return granted;
  return granted.filter((scope) => scope !== OFFLINE_ACCESS && scope !== ONLINE_ACCESS);
}

/** The flow that decides which scopes may be had. */
const flowOfLogin = ({ decision, request }: LoginDraft): Flow =>
  decision ? DECIDED_FLOWS[decision.kind] : flowOf(request);
const DECIDED_FLOWS = { device: 'device_code', ciba: 'ciba' } as const;

async function recallUser<T extends LoginDraft | Transaction>(ctx: Context, stored: T) {
  const user = stored.user_id === undefined ? undefined : await findUser(ctx, stored.user_id);
  const session = await livingSession(ctx, stored);
  const actor = stored.actor ?? session?.actor;
  const isRevoked = (await isOriginRevoked(ctx, stored)) || (actor !== undefined && !(await mayStillAct(ctx, actor)));
  const isGone = !user || isRevoked || (stored.session_id !== undefined && !session) || isOutdated(stored, user);
  if (isGone) return { user: undefined, session: undefined, transaction: { ...stored, user_id: undefined } };
  return { user, session, transaction: withRefusal(stored, refusalOfUser(stored, user)) };
}

/** Why this user may not end this login, whatever they proved. */
function refusalOfUser({ decision, request }: LoginDraft, user: User): Refusal | undefined {
  if (user.blocked) return { error: 'unauthorized', error_description: 'user is blocked' };
  // OpenID Connect Core §3.1.2.2: nobody but the user of the id_token_hint.
  if (request.expected_user !== undefined && request.expected_user !== user.user_id)
    return { error: 'login_required', error_description: 'Login required' };
  if (decision?.kind !== 'ciba' || decision.user_id === user.user_id) return undefined;
  return {
    error: 'access_denied',
    error_description: 'Another user was asked. Open the link again and log in as the user that it was sent to.',
  };
}

/** Was what the login was handed over from revoked before it was over? */
async function isOriginRevoked(
  ctx: Context,
  { transferred_from: family, session_opened }: LoginDraft,
): Promise<boolean> {
  return family !== undefined && !session_opened && !(await hasRefreshTokenFamily(ctx, family));
}

async function livingSession(
  ctx: Context,
  { session_id, user_id, decision, foreign }: LoginDraft,
): Promise<Session | undefined> {
  const session = session_id === undefined ? undefined : await sessionsOf(ctx).get(session_id);
  // What a device or an application elsewhere gets would outlive what the user's stand-in may do; other protocols cannot say who acts.
  if (session?.actor && (decision || foreign)) return undefined;
  return session && session.user_id === user_id && !isSessionOver(session, ctx.clock.now()) ? session : undefined;
}

async function gatherFacts(ctx: Context, login: Omit<Login, 'step'>, cookies: Cookies): Promise<Facts> {
  const { decision } = login.transaction;
  return {
    now: ctx.clock.now(),
    secondFactor: await neededFactor(ctx, login, cookies),
    // Auth0: a backchannel request is always put to the user, and what they allowed before does not count.
    consentNeeded: decision?.kind !== 'ciba' && (await isConsentNeeded(ctx, login)),
    organization: login.organization.ask,
    callbackUnverifiable: decision === undefined && (await asksConfirmation(ctx, login)),
  };
}

async function neededFactor(
  ctx: Context,
  login: Omit<Login, 'step'>,
  cookies: Cookies,
): Promise<Facts['secondFactor']> {
  const { user, client, session, target, transaction } = login;
  if (!user) return 'not_needed';
  const audience = target.identifier;
  const { methods } = transaction;
  const transactional = { isTransaction: isTransaction(target, transaction.request.authorization_details) };
  const facts = { user, client, audience, session, methods, cookies, ...transactional };
  const isRequired = await isSecondFactorRequired(ctx, facts);
  if (!isRequired) return 'not_needed';
  return 'challenge' in (await mfaRequirements(ctx, user)) ? 'challenge' : 'enroll';
}
