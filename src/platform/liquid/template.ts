import { isTrue, readCondition } from './condition.ts';

/** A template that this renderer does not understand; the message says what, for whoever wrote it. */
export class TemplateRefused extends Error {
  override readonly name = 'TemplateRefused';
}

export type Variables = Readonly<Record<string, string>>;

/** A template that was read: fills in the variables, each through `encode` if there is one. */
export type Template = (variables: Variables, encode?: (value: string) => string) => string;

type Encode = (value: string) => string;
type Renderer = (variables: Variables, encode: Encode) => string;

/** An `if` or `unless` that is open, with what follows from each of its conditions. */
interface Block {
  readonly end: string;
  readonly branches: Branch[];
}

interface Branch {
  readonly holds: (variables: Variables) => boolean;
  readonly parts: Renderer[];
}

const TOKEN = /\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;

/** Where parts go while a template is read: the body, and every `if` that is open, the innermost last. */
interface Reading {
  readonly known: readonly string[];
  readonly body: Renderer[];
  readonly open: Block[];
}

function requireKnown({ known }: Reading, name: string): string {
  const isNamed = known.includes(name) && !name.endsWith('.*');
  if (isNamed || known.some((family) => isMember(family, name))) return name;
  throw new TemplateRefused(`"${name}" is not one of ${known.join(', ')}`);
}

/** Is `name` one of those that `a.b.*` stands for? */
function isMember(family: string, name: string): boolean {
  const parent = family.endsWith('.*') ? family.slice(0, -1) : undefined;
  return parent !== undefined && name.startsWith(parent) && /^\w+$/.test(name.slice(parent.length));
}

function branchOf(reading: Reading, text: string): Branch {
  const terms = readCondition(text.trim());
  if (!terms) throw new TemplateRefused(`the condition "${text.trim()}" is not understood`);
  for (const { name } of terms) requireKnown(reading, name);
  return { holds: (variables) => isTrue(terms, variables), parts: [] };
}

function partsOf({ body, open }: Reading): Renderer[] {
  return open.at(-1)?.branches.at(-1)?.parts ?? body;
}

function readTag(reading: Reading, tag: string): void {
  const [, word = '', rest = ''] = /^(\w*)\s*([\s\S]*)$/.exec(tag.trim()) ?? [];
  const { branches, end } = reading.open.at(-1) ?? {};
  if (word === 'if' || word === 'unless') openBlock(reading, word, rest);
  else if (word === 'elsif' && branches) branches.push(branchOf(reading, rest));
  else if (word === 'else' && branches && rest === '') branches.push({ holds: () => true, parts: [] });
  else if (word === end && rest === '') reading.open.pop();
  else throw new TemplateRefused(`the tag "${tag.trim()}" is not understood here`);
}

function openBlock(reading: Reading, word: 'if' | 'unless', condition: string): void {
  const { holds } = branchOf(reading, condition);
  const first: Branch = { holds: word === 'if' ? holds : (variables) => !holds(variables), parts: [] };
  const branches = [first];
  partsOf(reading).push((variables, encode) =>
    render(branches.find((one) => one.holds(variables))?.parts ?? [], variables, encode),
  );
  reading.open.push({ end: `end${word}`, branches });
}

/** `name`, perhaps `| escape` (as all values are, where that is due) and `| default: "text"` for when it has no value. */
const OUTPUT = /^([\w.]+)(?:\s*\|\s*escape)?(?:\s*\|\s*default:\s*(?:"([^"]*)"|'([^']*)'))?(?:\s*\|\s*escape)?$/;

function readOutput(reading: Reading, text: string): Renderer {
  const [, name, double, single] = OUTPUT.exec(text) ?? [];
  const known = requireKnown(reading, name ?? text);
  const otherwise = double ?? single ?? '';
  return (variables, encode) => (variables[known] ? encode(variables[known]) : otherwise);
}

function addText(reading: Reading, text: string, before: string, after: string): void {
  const trimmed = before.endsWith('-') ? text.trimStart() : text;
  const value = after.startsWith('-') ? trimmed.trimEnd() : trimmed;
  if (/\{\{|\{%/.test(value)) throw new TemplateRefused('a tag is not closed');
  partsOf(reading).push(() => value);
}

/**
 * Reads `template`: `{{ name }}` for the names in `known` (`a.b.*`: for any member of `a.b`; without a value they are empty), with the
 * filters `escape` and `default`, and `{% if name == "text" %}…{% elsif … %}…{% else %}…{% endif %}`, or `unless`, with `==`, `!=` and
 * `contains`, or the name alone, joined by `and` and `or`. Throws TemplateRefused for anything else of Liquid.
 */
export function readTemplate(template: string, known: readonly string[]): Template {
  const reading: Reading = { known, body: [], open: [] };
  let at = 0;
  let before = '';
  for (const found of template.matchAll(TOKEN)) {
    addText(reading, template.slice(at, found.index), before, found[0].slice(2));
    const [, output, tag = ''] = found;
    if (output === undefined) readTag(reading, tag);
    else partsOf(reading).push(readOutput(reading, output.trim()));
    at = found.index + found[0].length;
    before = found[0].slice(0, -2);
  }
  addText(reading, template.slice(at), before, '');
  if (reading.open.length > 0) throw new TemplateRefused('an "if" or "unless" is not closed');
  return (variables, encode = (value) => value) => render(reading.body, variables, encode);
}

function render(parts: readonly Renderer[], variables: Variables, encode: Encode): string {
  return parts.map((part) => part(variables, encode)).join('');
}
