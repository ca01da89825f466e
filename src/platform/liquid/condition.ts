/** One comparison, and how it is joined to the ones after it. A name by itself asks whether it has a value. */
export interface Term {
  readonly name: string;
  readonly operator: '==' | '!=' | 'contains' | undefined;
  readonly wanted: string;
  readonly join: 'and' | 'or' | undefined;
}

const TERM = /^([\w.]+)(?:\s*(==|!=|contains)\s*(?:"([^"]*)"|'([^']*)'))?(?:\s+(and|or)\s+|$)/;

/** The comparisons of `a == "x" or b contains 'y' and c`; undefined when the text is anything else. */
export function readCondition(text: string): readonly Term[] | undefined {
  const terms: Term[] = [];
  for (let rest = text; ; ) {
    const found = TERM.exec(rest);
    if (!found) return undefined;
    const [whole, name = '', operator, double, single, join] = found;
    terms.push({
      name,
      operator: operator as Term['operator'],
      wanted: double ?? single ?? '',
      join: join as Term['join'],
    });
    rest = rest.slice(whole.length);
    if (!join) return terms;
  }
}

/** Liquid reads a chain from its end: `a or b and c` is `a or (b and c)`, `a and b or c` is `a and (b or c)`. */
export function isTrue(terms: readonly Term[], variables: Readonly<Record<string, string>>): boolean {
  return terms.reduceRight((rest, term) => {
    const own = holds(term, variables[term.name] ?? '');
    if (term.join === undefined) return own;
    return term.join === 'and' ? own && rest : own || rest;
  }, false);
}

function holds({ operator, wanted }: Term, value: string): boolean {
  if (operator === undefined) return value !== '';
  if (operator === 'contains') return value.includes(wanted);
  return (value === wanted) === (operator === '==');
}
