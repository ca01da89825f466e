import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { promptSettings } from '../../../resources/prompts/index.ts';
import { passwordlessWays } from '../../../strategies/index.ts';
import { IDENTIFIER_LOGIN, LOGIN, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { type StepDeclaration, step } from '../../step.ts';
import { recipientPage } from '../passwordless/recipient-page.ts';
import { identifierPage } from './identifier-page.ts';

/** What a page of this address shows and takes. */
export type IdentifierPage = Pick<StepDeclaration<Transaction>, 'show' | 'submit'>;

/** The first page of logins that take two: with a code that is sent there, or a password where the tenant has `identifier_first`. */
export const identifierStep = step<Transaction>({
  path: IDENTIFIER_LOGIN,
  name: 'loginIdentifier',
  summary: 'who logs in, or where a code to log in with is sent.',
  fields: ['username'],
  async accept(ctx, transaction): Promise<Transaction | Reply> {
    const login = acceptLogin(transaction);
    const isHere = (await isPasswordless(ctx, login)) || (await promptSettings(ctx)).identifier_first;
    return isHere ? login : redirect(LOGIN);
  },
  show: async (ctx, visit) => (await pageFor(ctx, visit.transaction)).show(ctx, visit),
  submit: async (ctx, visit, form) => (await pageFor(ctx, visit.transaction)).submit(ctx, visit, form),
});

async function isPasswordless(ctx: Context, { request }: Transaction): Promise<boolean> {
  return (await passwordlessWays(ctx, request)).length > 0;
}

async function pageFor(ctx: Context, login: Transaction): Promise<IdentifierPage> {
  return (await isPasswordless(ctx, login)) ? recipientPage : identifierPage;
}
