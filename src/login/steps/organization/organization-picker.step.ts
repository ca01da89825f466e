import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { renderOrganizationPicker } from '../../../pages/index.ts';
import { findOrganization, nameOf } from '../../../resources/organizations/index.ts';
import { type AnyTransaction, advanceTransaction, RESUME, type Transaction } from '../../../transactions/index.ts';
import { acceptKnownUser } from '../../accept.ts';
import { goTo, proceed, step, type Visit } from '../../step.ts';

type Offered = Transaction & { readonly offered_organizations: readonly string[] };

const PATH = '/u/organization/picker';

/** `post_login_prompt`: whoever belongs to several organizations says which of them this login is for. */
export const organizationPickerStep = step<Offered>({
  path: PATH,
  name: 'organizationPicker',
  summary: 'which of your organizations?',
  fields: [],
  accept: acceptOffered,
  show: draw,
  async submit(ctx, visit, { action }) {
    if (!action || !visit.transaction.offered_organizations.includes(action)) return goTo(visit, PATH);
    await advanceTransaction(ctx, visit.transaction as Transaction, (stored) => ({
      ...stored,
      organization: action,
      interactive: true,
    }));
    return proceed(visit);
  },
});

/** The choice is offered once all that the user must prove is proved: nobody learns before where they belong. */
async function acceptOffered(ctx: Context, transaction: AnyTransaction): Promise<Offered | Reply> {
  const known = await acceptKnownUser(ctx, transaction);
  if ('status' in known) return known;
  return known.offered_organizations ? (known as Offered) : redirect(RESUME);
}

async function draw(ctx: Context, { transaction, view }: Visit<Offered>): Promise<string> {
  const found = await Promise.all(transaction.offered_organizations.map((id) => findOrganization(ctx, id)));
  const organizations = found
    .filter((organization) => organization !== undefined)
    .map((organization) => ({
      value: organization.id,
      name: nameOf(organization),
      logoUrl: organization.branding?.logo_url,
    }));
  return renderOrganizationPicker({ ...view, organizations });
}
