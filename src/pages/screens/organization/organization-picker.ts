import type { Html } from '../../html.ts';
import { html } from '../../html.ts';
import { icons } from '../../icons.ts';
import { renderCard, renderForm } from '../../layout.ts';
import { fill, textsFor } from '../../texts/index.ts';
import { safeLogo } from '../../theme.ts';
import type { FormView } from '../../view.ts';

/** One organization: a button with `action=value`. */
export type OrganizationOption = { value: string; name: string; logoUrl?: string | undefined };

/** `action` is the `value` of the chosen organization. */
export type OrganizationPickerView = FormView & { organizations: readonly OrganizationOption[] };

/** Asks which of their organizations somebody who has logged in wants to enter. */
export function renderOrganizationPicker(view: OrganizationPickerView): string {
  const texts = textsFor(view.lang).organizationPicker;
  const items = view.organizations.map(renderOption);
  const clientName = view.client?.name ?? view.theme.companyName;
  return renderCard(view, {
    title: texts.title,
    description: fill(texts.description, { clientName }),
    body: renderForm(view, html`<ul class="options">${items}</ul>`),
  });
}

function renderOption({ value, name, logoUrl }: OrganizationOption): Html {
  const logo = safeLogo(logoUrl);
  const initial = Array.from(name.trim())[0]?.toLocaleUpperCase('en') ?? '';
  const mark = logo
    ? html`<img class="mark" src="${logo}" alt="">`
    : html`<span class="monogram mark" aria-hidden="true">${initial}</span>`;
  return html`<li><button class="option" type="submit" name="action" value="${value}">${mark}<span><span class="name">${name}</span></span><span class="chevron">${icons.chevron}</span></button></li>`;
}
