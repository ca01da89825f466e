import { scan, type Token } from './scan.ts';
import { type Clause, type Node, QueryRefused } from './syntax.ts';

const LONGEST = 4096;
const MOST_CLAUSES = 100;
const DEEPEST = 12;

/** Reads tokens one after the other. */
class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private clauses = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token {
    return this.tokens[this.at] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  take(kind: Token['kind']): boolean {
    if (this.peek().kind !== kind) return false;
    this.at += 1;
    return true;
  }

  count(): void {
    this.clauses += 1;
    if (this.clauses > MOST_CLAUSES) throw new QueryRefused(`more than ${MOST_CLAUSES} clauses`);
  }
}

/** Reads `text`. QueryRefused when it is malformed, too long, too deep, or uses what is not supported. */
export function parseQuery(text: string): Node {
  if (text.length > LONGEST) throw new QueryRefused(`longer than ${LONGEST} characters`);
  const reader = new Reader(scan(text));
  const node = readGroup(reader, undefined, 0);
  const left = reader.peek();
  if (left.kind !== 'end') throw new QueryRefused(`unexpected ${describe(left)}`);
  return node;
}

function describe(token: Token): string {
  return token.kind === 'end' ? 'end of the query' : `${JSON.stringify(token.text)} at position ${token.at + 1}`;
}

/** Clauses side by side: those marked `+` must hold, those marked `-` or `NOT` must not, and one of the others where none must. */
function readGroup(reader: Reader, field: string | undefined, depth: number): Node {
  if (depth > DEEPEST) throw new QueryRefused(`parentheses deeper than ${DEEPEST}`);
  const must: Node[] = [];
  const mustNot: Node[] = [];
  const should: Node[] = [];
  while (!['end', ')'].includes(reader.peek().kind)) {
    if (reader.take('+')) must.push(readUnary(reader, field, depth));
    else if (reader.take('-') || reader.take('not')) mustNot.push(readUnary(reader, field, depth));
    else should.push(readOr(reader, field, depth));
  }
  const needed = must.length > 0 || should.length === 0 ? must : [joined('or', should)];
  const nodes = [...needed, ...mustNot.map((node): Node => ({ kind: 'not', node }))];
  if (nodes.length === 0) throw new QueryRefused(`unexpected ${describe(reader.peek())}`);
  return joined('and', nodes);
}

const joined = (kind: 'and' | 'or', nodes: readonly Node[]): Node =>
  nodes.length === 1 ? (nodes[0] as Node) : { kind, nodes };

function readOr(reader: Reader, field: string | undefined, depth: number): Node {
  const nodes = [readAnd(reader, field, depth)];
  while (reader.take('or')) nodes.push(readAnd(reader, field, depth));
  return joined('or', nodes);
}

function readAnd(reader: Reader, field: string | undefined, depth: number): Node {
  const nodes = [readUnary(reader, field, depth)];
  while (reader.take('and')) nodes.push(readUnary(reader, field, depth));
  // `a NOT b` and `a AND NOT b` are the same.
  while (reader.take('not')) nodes.push({ kind: 'not', node: readUnary(reader, field, depth) });
  return joined('and', nodes);
}

function readUnary(reader: Reader, field: string | undefined, depth: number): Node {
  if (depth > DEEPEST) throw new QueryRefused(`nested deeper than ${DEEPEST}`);
  if (reader.take('not') || reader.take('-')) return { kind: 'not', node: readUnary(reader, field, depth + 1) };
  if (reader.take('+')) return readUnary(reader, field, depth + 1);
  if (reader.take('(')) return readParenthesis(reader, field, depth);
  const token = reader.peek();
  if (token.kind !== 'field') return readValue(reader, field);
  if (field !== undefined) throw new QueryRefused(`a field within a field: ${describe(token)}`);
  reader.next();
  if (reader.take('(')) return readParenthesis(reader, token.text, depth);
  return readValue(reader, token.text);
}

function readParenthesis(reader: Reader, field: string | undefined, depth: number): Node {
  const node = readGroup(reader, field, depth + 1);
  if (!reader.take(')')) throw new QueryRefused('a parenthesis is not closed');
  return node;
}

function readValue(reader: Reader, field: string | undefined): Clause {
  reader.count();
  const token = reader.next();
  if (token.kind === 'term') return { kind: 'clause', field, value: { kind: 'term', parts: token.parts } };
  if (token.kind !== 'range') throw new QueryRefused(`unexpected ${describe(token)}`);
  if (field === undefined) throw new QueryRefused(`a range without a field: ${describe(token)}`);
  const { kind, above, below } = token;
  return { kind: 'clause', field, value: { kind, ...(above ? { above } : {}), ...(below ? { below } : {}) } };
}
