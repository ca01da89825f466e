import {
  type ErrorName,
  type FormView,
  type LoginIdentifierView,
  renderLoginIdentifier,
} from '../../../pages/index.ts';
import { type Connection, passwordlessRules } from '../../../resources/connections/index.ts';
import { findRecipientProblem, passwordlessWays } from '../../../strategies/index.ts';
import { again, goTo } from '../../step.ts';
import { providerButtons } from '../federated/provider-buttons.ts';
import type { IdentifierPage } from '../identifier/identifier.step.ts';
import { CODE_PATHS, sendCode, strategyOf } from './send-code.ts';

type Kind = LoginIdentifierView['identifier'];

const EMPTY: Readonly<Record<Kind, ErrorName>> = {
  email: 'no-email',
  phone: 'no-phone',
  emailOrPhone: 'no-email-or-phone',
};

/** Asks where a code to log in with is to be sent. */
export const recipientPage: IdentifierPage = {
  async show(ctx, { transaction, state, view }) {
    const typed = transaction.passwordless?.recipient ?? transaction.request.login_hint;
    const providers = await providerButtons(ctx, transaction.request, state);
    return draw({ ...view, providers }, kindOf(await passwordlessWays(ctx, transaction.request)), typed);
  },
  async submit(ctx, visit, { username = '' }) {
    const ways = await passwordlessWays(ctx, visit.transaction.request);
    const kind = kindOf(ways);
    const typed = username.trim();
    const providers = await providerButtons(ctx, visit.transaction.request, visit.state);
    const redraw = (view: FormView) => draw({ ...view, providers }, kind, username);
    if (typed === '') return again(visit, { username: EMPTY[kind] }, redraw);
    const connection = chooseWay(ways, typed);
    const { identifier } = passwordlessRules(connection);
    const recipient = identifier === 'email' ? typed : typed.replace(/[\s().-]/g, '');
    if (findRecipientProblem(identifier, recipient))
      return again(visit, { username: identifier === 'email' ? 'invalid-email' : 'invalid-phone' }, redraw);
    const mistakes = await sendCode(ctx, visit.transaction, connection, recipient);
    return mistakes ? again(visit, mistakes, redraw) : goTo(visit, CODE_PATHS[strategyOf(connection)]);
  },
};

function draw(view: Omit<LoginIdentifierView, 'identifier'>, identifier: Kind, username: string | undefined): string {
  return renderLoginIdentifier({ ...view, identifier, username });
}

function kindOf(ways: readonly Connection[]): Kind {
  const strategies = new Set(ways.map(strategyOf));
  if (strategies.size > 1) return 'emailOrPhone';
  return strategies.has('sms') ? 'phone' : 'email';
}

/** Where both are to be had, an address has an @ and a number has none. */
function chooseWay(ways: readonly Connection[], typed: string): Connection {
  const wanted = typed.includes('@') ? 'email' : 'sms';
  return ways.find((connection) => strategyOf(connection) === wanted) ?? (ways[0] as Connection);
}
