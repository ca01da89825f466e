/** What a phone template may speak of (Auth0: "Customize SMS or Voice Messages"). */
export interface PhoneTemplateData {
  readonly code: string;
  readonly message_type: 'sms' | 'voice';
  readonly tenant: { readonly friendly_name: string };
  readonly requestInfo: { readonly lang: string };
}

/** A template that this renderer does not understand; the message says what, for whoever wrote it. */
export class TemplateRefused extends Error {
  override readonly name = 'TemplateRefused';
}

type Variables = Readonly<Record<string, string>>;
type Renderer = (variables: Variables) => string;

interface Branch {
  readonly holds: (variables: Variables) => boolean;
  readonly parts: Renderer[];
}

const KNOWN = ['code', 'pronounced_code', 'message_type', 'tenant.friendly_name', 'requestInfo.lang', 'pause'] as const;
/** Longer ones are no text message, and reading one costs more than its length. */
const LONGEST_TEMPLATE = 5120;
const TOKEN = /\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;
const CONDITION = /^(\S+)\s*(==|!=|contains)\s*(?:"([^"]*)"|'([^']*)')$/;

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

function requireKnown(name: string): string {
  if ((KNOWN as readonly string[]).includes(name)) return name;
  throw new TemplateRefused(`"${name}" is not one of ${KNOWN.join(', ')}`);
}

function readCondition(text: string): Branch['holds'] {
  const found = CONDITION.exec(text.trim());
  if (!found) throw new TemplateRefused(`the condition "${text.trim()}" is not understood`);
  const name = requireKnown(found[1] ?? '');
  const wanted = found[3] ?? found[4] ?? '';
  return (variables) => {
    const value = variables[name] ?? '';
    if (found[2] === 'contains') return value.includes(wanted);
    return (value === wanted) === (found[2] === '==');
  };
}

/** Where parts go while a template is read: the body, and every `if` that is open, the innermost last. */
interface Reading {
  readonly body: Renderer[];
  readonly open: Branch[][];
}

function partsOf({ body, open }: Reading): Renderer[] {
  return open.at(-1)?.at(-1)?.parts ?? body;
}

function readTag(reading: Reading, tag: string): void {
  const [, word = '', rest = ''] = /^(\w*)\s*([\s\S]*)$/.exec(tag.trim()) ?? [];
  const branches = reading.open.at(-1);
  if (word === 'if') {
    const opened: Branch[] = [{ holds: readCondition(rest), parts: [] }];
    partsOf(reading).push((variables) => render(opened.find(({ holds }) => holds(variables))?.parts ?? [], variables));
    reading.open.push(opened);
  } else if (word === 'elsif' && branches) branches.push({ holds: readCondition(rest), parts: [] });
  else if (word === 'else' && branches && rest === '') branches.push({ holds: () => true, parts: [] });
  else if (word === 'endif' && branches && rest === '') reading.open.pop();
  else throw new TemplateRefused(`the tag "${tag.trim()}" is not understood here`);
}

function readTemplate(template: string): Renderer[] {
  const reading: Reading = { body: [], open: [] };
  let at = 0;
  const addText = (text: string, before: string, after: string) => {
    const trimmed = before.endsWith('-') ? text.trimStart() : text;
    const value = after.startsWith('-') ? trimmed.trimEnd() : trimmed;
    if (/\{\{|\{%/.test(value)) throw new TemplateRefused('a tag is not closed');
    partsOf(reading).push(() => value);
  };
  let before = '';
  for (const found of template.matchAll(TOKEN)) {
    addText(template.slice(at, found.index), before, found[0].slice(2));
    const name = found[1] === undefined ? undefined : requireKnown(found[1].trim());
    if (name !== undefined) partsOf(reading).push((variables) => variables[name] ?? '');
    else readTag(reading, found[2] ?? '');
    at = found.index + found[0].length;
    before = found[0].slice(0, -2);
  }
  addText(template.slice(at), before, '');
  if (reading.open.length > 0) throw new TemplateRefused('an "if" is not closed');
  return reading.body;
}

function render(parts: readonly Renderer[], variables: Variables): string {
  return parts.map((part) => part(variables)).join('');
}

/** Throws TemplateRefused when `template` uses anything but the documented variables and `if` on them, or never says the code. */
export function checkPhoneTemplate(template: string): void {
  if (template.length > LONGEST_TEMPLATE) throw new TemplateRefused(`it is longer than ${LONGEST_TEMPLATE} characters`);
  const parts = readTemplate(template);
  for (const message_type of ['sms', 'voice'] as const) {
    const text = render(parts, {
      ...variablesOf({ code: '#', message_type, tenant: { friendly_name: '' }, requestInfo: { lang: 'en' } }),
    });
    if (!text.includes('#')) throw new TemplateRefused(`it never says {{code}} when message_type is "${message_type}"`);
  }
}

/** Fills in `template`: `{{code}}`, `{{tenant.friendly_name}}` …, and `{% if message_type == "voice" %}…{% else %}…{% endif %}`. */
export function renderPhoneTemplate(template: string, data: PhoneTemplateData): string {
  return render(readTemplate(template), variablesOf(data)).trim();
}
