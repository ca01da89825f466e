import { type Context, type Reply, redirect, type SetCookie } from '../../kernel/index.ts';
import { challengeableMethods } from '../../mfa/index.ts';
import { customLoginPage } from '../../resources/clients/index.ts';
import {
  type Connection,
  federatedRules,
  findConnectionByName,
  mayLogInWith,
} from '../../resources/connections/index.ts';
import { listUsableConnections } from '../../resources/organizations/index.ts';
import { promptSettings } from '../../resources/prompts/index.ts';
import { leadToProvider, passwordlessWays } from '../../strategies/index.ts';
import {
  type AuthorizationRequest,
  advanceTransaction,
  type Cookies,
  classicLoginPath,
  type LoginDraft,
  type ScreenHint,
  type Step,
  startTransaction,
  stepPath,
  type Transaction,
} from '../../transactions/index.ts';
import type { Login } from './login.ts';

export type PageStep = Exclude<Step, 'issue' | 'refuse'>;

/** Auth0: the second factor must follow the first within five minutes. */
const MFA_WINDOW = 300_000;

/** Stores a login that has just begun and sends the browser to the page of its first step. */
export async function beginOnPage(
  ctx: Context,
  login: Login<LoginDraft>,
  step: PageStep,
  cookies: Cookies,
): Promise<Reply> {
  const draft = { ...login.transaction, ...changesFor(ctx, login, step) };
  const { state, cookies: device } = await startTransaction(ctx, draft, cookies);
  return redirect(await placeOf(ctx, login, step, state), { cookies: device });
}

/** Sends the browser to the page of the next step of a login. */
export async function continueOnPage(
  ctx: Context,
  login: Login<Transaction>,
  step: PageStep,
  hop: { state: string; cookies: readonly SetCookie[] },
): Promise<Reply> {
  const changes = changesFor(ctx, login, step);
  if (Object.keys(changes).length > 0)
    await advanceTransaction(ctx, login.transaction, (stored) => ({ ...stored, ...changes }));
  return redirect(await placeOf(ctx, login, step, hop.state), { cookies: hop.cookies });
}

/** The page of `step`; or an identity provider, where there is nothing left to choose. */
async function placeOf(ctx: Context, login: Login, step: PageStep, state: string): Promise<string> {
  const { request } = login.transaction;
  const provider = step === 'login' ? await onlyProvider(ctx, request) : undefined;
  if (provider) return leadToProvider(ctx, provider, { state, request });
  if (step === 'login' && (await isClassic(ctx, login)))
    return classicLoginPath(state, request, login.transaction.foreign?.protocol);
  return stepPath(step, state, await hintFor(ctx, login, step));
}

/** Do people log in on a page that the operator wrote? Auth0: those know nothing of organizations. */
async function isClassic(ctx: Context, { client, transaction }: Login): Promise<boolean> {
  const { organization } = transaction.request;
  return organization === undefined && (await customLoginPage(ctx, client)) !== undefined;
}

/** The federated connection that the request names; or the only one there is, if it is an enterprise's (Auth0). */
async function onlyProvider(ctx: Context, request: AuthorizationRequest): Promise<Connection | undefined> {
  const { client_id, connection: name, organization } = request;
  if (name !== undefined) {
    const named = await findConnectionByName(ctx, name);
    return named && mayLogInWith(named, client_id) ? named : undefined;
  }
  const [first, ...others] = await listUsableConnections(ctx, client_id, organization);
  const only = others.length === 0 ? first?.connection : undefined;
  if (!only || !mayLogInWith(only, client_id)) return undefined;
  return federatedRules(only).strategy.kind === 'enterprise' ? only : undefined;
}

/** Steps whose pages show what is asked for. */
const ASKS_TO_ALLOW: readonly PageStep[] = ['confirm_device', 'consent', 'approve_request'];

/** What the transaction must say for the page of `step` to be right. */
function changesFor(
  ctx: Context,
  { transaction, target, scope, organization }: Login,
  step: PageStep,
): Partial<Transaction> {
  if (ASKS_TO_ALLOW.includes(step)) return { consent_request: { audience: target.identifier, scope } };
  if (step === 'login') return FRESH;
  if (step === 'pick_organization') return { offered_organizations: organization.offered ?? [] };
  const isSecondFactor = step === 'mfa_enroll' || step === 'mfa_challenge';
  if (!isSecondFactor || transaction.mfa_expires_at !== undefined) return {};
  return { mfa_expires_at: ctx.clock.now() + MFA_WINDOW };
}

/** A login that must begin again: its user, session or time is gone, and with them all that was proved. */
const FRESH: Partial<Transaction> = {
  user_id: undefined,
  connection: undefined,
  session_id: undefined,
  session_opened: undefined,
  methods: [],
  second_factor: undefined,
  mfa_expires_at: undefined,
  consented: undefined,
  offered_organizations: undefined,
  passkey_offer: undefined,
};

async function hintFor(ctx: Context, { transaction, user }: Login, step: PageStep): Promise<ScreenHint> {
  const replacesRecoveryCode = transaction.second_factor?.recovery_code_reason === 'used';
  const isLocalPasskey = transaction.passkey_offer === 'local';
  const hint = { screen_hint: transaction.request.screen_hint, replacesRecoveryCode, isLocalPasskey };
  if (step === 'login') {
    const isPasswordless = (await passwordlessWays(ctx, transaction.request)).length > 0;
    return { ...hint, isPasswordless, isIdentifierFirst: (await promptSettings(ctx)).identifier_first };
  }
  if (step !== 'mfa_challenge' || !user) return hint;
  const [preferred] = await challengeableMethods(ctx, user);
  return { ...hint, method: preferred?.kind };
}
