import { submitButton, textField } from '../../fields.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import type { FormView } from '../../view.ts';

/** Field: `organization`, which holds what `by` says. */
export type OrganizationSelectionView = FormView & {
  /** What people find their organization by. */
  by: 'name' | 'email' | 'either';
  /** What was typed before, or the `login_hint`. */
  typed?: string | undefined;
};

/** Asks which organization somebody wants to log in to, before they do. */
export function renderOrganizationSelection(view: OrganizationSelectionView): string {
  const texts = textsFor(view.lang).organizationSelection;
  const isAddress = view.by === 'email';
  const form = renderForm(view, [
    textField(view, {
      name: 'organization',
      label: texts.labels[view.by],
      value: view.typed,
      type: isAddress ? 'email' : 'text',
      inputmode: isAddress ? 'email' : 'text',
      autocomplete: isAddress ? 'email' : 'organization',
      enterkeyhint: 'go',
      focus: true,
    }),
    submitButton(texts.submit),
  ]);
  const clientName = view.client?.name ?? view.theme.companyName;
  return renderCard(view, { title: texts.title, description: fill(texts.description, { clientName }), body: form });
}
