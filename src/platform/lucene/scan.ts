import { QueryRefused, type Range } from './syntax.ts';

interface Place {
  /** As written. */
  readonly text: string;
  readonly at: number;
}

export type Token = Place &
  (
    | { readonly kind: '(' | ')' | '+' | '-' | 'and' | 'or' | 'not' | 'end' | 'field' }
    | { readonly kind: 'term'; readonly parts: readonly string[] }
    | Range
  );

const WORDS: Readonly<Record<string, 'and' | 'or' | 'not'>> = {
  AND: 'and',
  OR: 'or',
  NOT: 'not',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
};
/** Up to white space and signs that mean something; a backslash takes the next character for itself. */
const WORD = /(?:\\.|[^\s()[\]{}"\\])+/suy;
const QUOTED = /"(?:\\.|[^"\\])*"/suy;
const RANGE = /([[{])\s*("(?:\\.|[^"\\])*"|\S+?)\s+TO\s+("(?:\\.|[^"\\])*"|[^\s\]}]+)\s*([\]}])/suy;
const COMPARISON = /(>=|<=|>|<)("(?:\\.|[^"\\])*"|[^\s()[\]{}"<>=]+)/suy;

const dropEscapes = (text: string) => text.replace(/\\(.)/gsu, '$1');
const unquote = (text: string) => dropEscapes(text.startsWith('"') ? text.slice(1, -1) : text);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The tokens of a query, closed by `end`. QueryRefused for what can't be read. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at += 1;
      continue;
    }
    const found =
      scanSign(text, at) ?? scanRange(text, at) ?? scanQuoted(text, at) ?? scanWord(text, at, tokens.at(-1));
    if (!found) throw new QueryRefused(`unexpected ${JSON.stringify(text[at])} at position ${at + 1}`);
    tokens.push(found);
    at += found.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at }];
}

function scanSign(text: string, at: number): Token | undefined {
  const sign = text[at] as string;
  if (sign === '(' || sign === ')') return { kind: sign, text: sign, at };
  // Within a word they are ordinary characters: `-` in an id, `+` in an address.
  if ((sign === '+' || sign === '-') && at + 1 < text.length && !/\s/.test(text[at + 1] as string))
    return { kind: sign, text: sign, at };
  if (sign === '!' && text[at + 1] !== '=') return { kind: 'not', text: sign, at };
  return undefined;
}

function scanRange(text: string, at: number): Token | undefined {
  const compared = matchAt(COMPARISON, text, at);
  if (compared) {
    const [whole, sign = '', value = ''] = compared;
    const bound = { value: unquote(value), inclusive: sign.endsWith('=') };
    return { kind: 'range', text: whole, at, ...(sign.startsWith('>') ? { above: bound } : { below: bound }) };
  }
  const match = matchAt(RANGE, text, at);
  if (!match) return undefined;
  const [whole, open, low = '', high = '', close] = match;
  return {
    kind: 'range',
    text: whole,
    at,
    ...(low === '*' ? {} : { above: { value: unquote(low), inclusive: open === '[' } }),
    ...(high === '*' ? {} : { below: { value: unquote(high), inclusive: close === ']' } }),
  };
}

function scanQuoted(text: string, at: number): Token | undefined {
  const match = matchAt(QUOTED, text, at);
  if (!match) return undefined;
  refuseSuffix(text, at + match[0].length);
  return { kind: 'term', text: match[0], at, parts: [unquote(match[0])] };
}

/** `"a b"~3`, `word^2`: how near and how much have no meaning where everything is found or not. */
function refuseSuffix(text: string, at: number): void {
  const sign = text[at];
  if (sign === '~' || sign === '^') throw new QueryRefused(`${sign} at position ${at + 1} is not supported`);
}

/** Where the field of `word` ends: its first colon that is not escaped, or -1. */
function fieldEnd(word: string): number {
  for (let at = 0; at < word.length; at += 1) {
    if (word[at] === '\\') at += 1;
    else if (word[at] === ':') return at;
  }
  return -1;
}

function scanWord(text: string, at: number, before: Token | undefined): Token | undefined {
  const word = matchAt(WORD, text, at)?.[0];
  if (word === undefined) return undefined;
  const operator = WORDS[word];
  if (operator) return { kind: operator, text: word, at };
  const isValue = before?.kind === 'field' && before.at + before.text.length === at;
  const colon = isValue ? -1 : fieldEnd(word);
  if (colon === 0) throw new QueryRefused(`a colon without a field at position ${at + 1}`);
  if (colon > 0) return { kind: 'field', text: word.slice(0, colon + 1), at };
  return { kind: 'term', text: word, at, parts: wildcardParts(word, at) };
}

/** What stands between the wildcards of `word`. */
function wildcardParts(word: string, at: number): string[] {
  if (word.startsWith('/')) throw new QueryRefused(`regular expressions (position ${at + 1}) are not supported`);
  const parts = [''];
  const characters = [...word];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] as string;
    if (character === '*') parts.push('');
    else if (character === '?') throw new QueryRefused(`? at position ${at + index + 1} is not supported`);
    else if (character === '~' || character === '^')
      throw new QueryRefused(`${character} at position ${at + index + 1} is not supported`);
    else if (character === '\\') {
      index += 1;
      parts[parts.length - 1] += characters[index] ?? '';
    } else parts[parts.length - 1] += character;
  }
  return parts;
}
