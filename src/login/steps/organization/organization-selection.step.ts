import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { type ErrorName, type FormView, renderOrganizationSelection } from '../../../pages/index.ts';
import { findClient, type StoredClient } from '../../../resources/clients/index.ts';
import {
  discoverOrganizations,
  entryOf,
  findOrganizationByName,
  type Organization,
} from '../../../resources/organizations/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import { type AnyTransaction, advanceTransaction, RESUME, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { again, proceed, step, type Visit } from '../../step.ts';

type By = 'name' | 'email' | 'either';

/** `pre_login_prompt`: the organization is asked for before anybody logs in, and may be asked again until they have. */
export const organizationSelectionStep = step<Transaction>({
  path: '/u/organization',
  name: 'organizationSelection',
  summary: 'which organization to log in to?',
  fields: ['organization'],
  accept: acceptUnsettled,
  async show(ctx, visit) {
    const by = await methodsOf(ctx, visit.transaction);
    const hint = by === 'name' ? undefined : visit.transaction.request.login_hint;
    return renderOrganizationSelection({ ...visit.view, by, typed: hint });
  },
  async submit(ctx, visit, { organization: typed = '' }) {
    const by = await methodsOf(ctx, visit.transaction);
    const found = await findNamed(ctx, by, typed.trim());
    if (typeof found !== 'string') return choose(ctx, visit, found, typed.trim());
    const draw = (view: FormView) => renderOrganizationSelection({ ...view, by, typed });
    return again(visit, { organization: found }, draw);
  },
});

/** An application that asks for an organization of its own has no use for the page. */
function acceptUnsettled(_ctx: Context, transaction: AnyTransaction): Transaction | Reply {
  const login = acceptLogin(transaction);
  const isSettled = login.request.organization !== undefined && !login.organization_asked;
  return isSettled ? redirect(RESUME) : login;
}

const clientOf = (ctx: Context, { request }: Transaction): Promise<StoredClient | undefined> =>
  findClient(ctx, request.client_id);

/** What people may find their organization by; its name unless the application says otherwise. */
async function methodsOf(ctx: Context, transaction: Transaction): Promise<By> {
  const methods = (await clientOf(ctx, transaction))?.organization_discovery_methods ?? ['organization_name'];
  if (!methods.includes('email')) return 'name';
  return methods.includes('organization_name') ? 'either' : 'email';
}

async function findNamed(ctx: Context, by: By, typed: string): Promise<Organization | ErrorName> {
  if (typed === '') return 'no-organization';
  if (by !== 'name' && typed.includes('@')) {
    const [found, ...others] = await discoverOrganizations(ctx, typed);
    if (others.length > 0 && by === 'either') return 'several-organizations';
    return found && others.length === 0 ? found : 'unknown-organization';
  }
  const named = by === 'email' ? undefined : await findOrganizationByName(ctx, typed.toLowerCase());
  return named ?? 'unknown-organization';
}

/** Writes the choice into the request. Whoever is logged in already and does not belong there has to log in as somebody who does. */
async function choose(ctx: Context, visit: Visit<Transaction>, { id }: Organization, typed: string): Promise<Reply> {
  const stays = await mayStay(ctx, visit.transaction, id);
  const hint = typed.includes('@') ? { login_hint: typed } : {};
  await advanceTransaction(ctx, visit.transaction, (stored) => ({
    ...stored,
    request: { ...stored.request, ...hint, organization: id },
    organization_asked: true,
    interactive: true,
    ...(stays ? {} : { user_id: undefined, session_id: undefined }),
  }));
  return proceed(visit);
}

async function mayStay(ctx: Context, { user_id, request, connection }: Transaction, id: string): Promise<boolean> {
  const user = user_id === undefined ? undefined : await findUser(ctx, user_id);
  if (!user) return true;
  const entry = await entryOf(ctx, id, { user, clientId: request.client_id, connection });
  return entry === 'member' || entry === 'assign';
}
