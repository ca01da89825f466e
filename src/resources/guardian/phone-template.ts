import { readTemplate, TemplateRefused, type Variables } from '../../platform/liquid/index.ts';

export { TemplateRefused } from '../../platform/liquid/index.ts';

/** What a phone template may speak of (Auth0: "Customize SMS or Voice Messages"). */
export interface PhoneTemplateData {
  readonly code: string;
  readonly message_type: 'sms' | 'voice';
  readonly tenant: { readonly friendly_name: string };
  readonly requestInfo: { readonly lang: string };
}

const KNOWN = ['code', 'pronounced_code', 'message_type', 'tenant.friendly_name', 'requestInfo.lang', 'pause'] as const;
/** Longer ones are no text message, and reading one costs more than its length. */
const LONGEST_TEMPLATE = 5120;

function variablesOf(data: PhoneTemplateData): Variables {
  return {
    code: data.code,
    // Read digit by digit: a call that says a number cannot be typed along.
    pronounced_code: [...data.code].join(', '),
    message_type: data.message_type,
    'tenant.friendly_name': data.tenant.friendly_name,
    'requestInfo.lang': data.requestInfo.lang,
    pause: data.message_type === 'voice' ? ', ' : '',
  };
}

/** Throws TemplateRefused when `template` uses anything but the documented variables and `if` on them, or never says the code. */
export function checkPhoneTemplate(template: string): void {
  if (template.length > LONGEST_TEMPLATE) throw new TemplateRefused(`it is longer than ${LONGEST_TEMPLATE} characters`);
  const read = readTemplate(template, KNOWN);
  for (const message_type of ['sms', 'voice'] as const) {
    const text = read(
      variablesOf({ code: '#', message_type, tenant: { friendly_name: '' }, requestInfo: { lang: 'en' } }),
    );
    if (!text.includes('#')) throw new TemplateRefused(`it never says {{code}} when message_type is "${message_type}"`);
  }
}

/** Fills in `template`: `{{code}}`, `{{tenant.friendly_name}}` …, and `{% if message_type == "voice" %}…{% else %}…{% endif %}`. */
export function renderPhoneTemplate(template: string, data: PhoneTemplateData): string {
  return readTemplate(template, KNOWN)(variablesOf(data)).trim();
}
