import { type Context, Failure, type Reply } from '../../../kernel/index.ts';
import { type FormView, type OneTap, type PasswordRule, renderSignup } from '../../../pages/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { findIdentifierProblem, type Identifiers } from '../../../resources/users/index.ts';
import { signUp, tellsWhoExists } from '../../../strategies/index.ts';
import { LOGIN, provePassword, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { again, type Form, goTo, type Mistakes, pagePath, proceed, step, type Visit } from '../../step.ts';
import { withOneTap } from '../federated/one-tap.ts';
import { isSignupOpen, loginConnection, requireLoginConnection } from '../password/connection.ts';
import { passwordMistake, rulesBefore, rulesOf } from '../password/password-mistakes.ts';

export const signupStep = step<Transaction>({
  path: '/u/signup',
  name: 'signup',
  summary: 'a new account.',
  fields: ['email', 'username', 'password'],
  accept: (_ctx, transaction) => acceptLogin(transaction),
  async show(ctx, visit) {
    const connection = await loginConnection(ctx, visit.transaction.request);
    // Whoever comes by an identity provider signs up by logging in.
    if (!connection) return goTo(visit, LOGIN);
    if (!(await isSignupOpen(ctx, visit.transaction.request, connection))) return goTo(visit, LOGIN);
    const form = { email: emailHint(visit.transaction) };
    return withOneTap(ctx, visit, (oneTap) => draw({ ...visit.view, oneTap }, visit, connection, form));
  },
  async submit(ctx, visit, typed) {
    const { request } = visit.transaction;
    const connection = await requireLoginConnection(ctx, request);
    const isOpen = await isSignupOpen(ctx, request, connection);
    // An invitation is for the address that it was sent to.
    const form = request.invitation === undefined ? typed : { ...typed, email: request.login_hint ?? '' };
    const mistakes: Mistakes = isOpen ? findMistakes(connection, form) : { form: 'signup-disabled' };
    if (Object.values(mistakes).some((mistake) => mistake !== undefined))
      return again(visit, mistakes, (view) => draw(view, visit, connection, form));
    return createAccount(ctx, visit, connection, form);
  },
});

/** Whoever said already what their address is need not do so twice; an invitation is for its own. */
function emailHint(transaction: Transaction): string {
  const { login_hint = '', invitation } = transaction.request;
  const typed = transaction.identified;
  return invitation === undefined && typed?.includes('@') ? typed : login_hint;
}

type View = FormView & { readonly oneTap?: OneTap | undefined };

function draw(view: View, visit: Visit, connection: Connection, form: Form, rules?: PasswordRule[]): string {
  const { username } = databaseRules(connection).identifiers;
  return renderSignup({
    ...view,
    email: form.email,
    isEmailFixed: view.organization?.isInvited,
    username: form.username,
    usernameField: username.requiredAtSignup ? 'required' : username.allowed ? 'optional' : undefined,
    passwordRules: rules ?? rulesBefore(connection),
    loginUrl: pagePath(LOGIN, visit.state),
  });
}

/** What was typed, without what was left empty. */
function identifiersOf({ email = '', username = '' }: Form): Identifiers {
  return {
    ...(email.trim() ? { email: email.trim() } : {}),
    ...(username.trim() ? { username: username.trim() } : {}),
  };
}

const MISSING = { email: 'no-email', username: 'no-username' } as const;

function findMistakes(connection: Connection, form: Form): Mistakes {
  const rules = databaseRules(connection);
  const password = form.password ? undefined : ('no-password' as const);
  const problem = findIdentifierProblem(rules, identifiersOf(form), 'signup');
  if (!problem) return { password };
  // The page has no field for phone numbers: a connection that demands one takes sign-ups by its API only.
  if (problem.identifier === 'phone_number') return { form: 'signup-failed', password };
  if (problem.kind === 'missing') return { [problem.identifier]: MISSING[problem.identifier], password };
  if (problem.identifier === 'email') return { email: 'invalid-email', password };
  const { min, max } = rules.username;
  return { username: { name: 'invalid-username', values: { min, max, special: "_+-.!#'^`~@$" } }, password };
}

async function createAccount(
  ctx: Context,
  visit: Visit<Transaction>,
  connection: Connection,
  form: Form,
): Promise<Reply> {
  const { client_id, invitation } = visit.transaction.request;
  const client = { client_id };
  const isInvited = invitation !== undefined;
  try {
    const account = { ...identifiersOf(form), password: form.password ?? '' };
    const user = await signUp(ctx, { connection, client, isInvited, ...account });
    await provePassword(ctx, visit.transaction, user.user_id, connection.name);
    return proceed(visit);
  } catch (error) {
    const mistakes = mistakesOf(error, await tellsWhoExists(ctx));
    if (!mistakes) throw error;
    return again(visit, mistakes, (view) => draw(view, visit, connection, form, rulesOf(error)));
  }
}

/** A taken address is told in the words of any other failure, unless the tenant wants it known who has an account. */
function mistakesOf(error: unknown, tells: boolean): Mistakes | undefined {
  const password = passwordMistake(error);
  if (password) return { password };
  if (!(error instanceof Failure)) return undefined;
  if (error.code === 'signup_disabled') return { form: 'signup-disabled' };
  const isTaken = ['user_exists', 'username_exists', 'phone_number_exists'].includes(error.code);
  return isTaken ? { form: tells ? 'user-exists' : 'signup-failed' } : undefined;
}
