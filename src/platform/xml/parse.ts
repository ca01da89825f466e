import type { DomElement, DomNode, ErrorHandler } from '@xmldom/xmldom';

/** A document that is not taken; `message` says why. */
export class InvalidXml extends Error {}

/** An element of a document that was read, as plain data. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string;
  /** By name; those in a namespace of their own and declarations of namespaces are left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All character data in it, whole: comments between do not cut it short. */
  readonly text: string;
}

/** Bounds what a document costs: the libraries take seconds over a small one that is inflated to many elements, or to few with many names. */
const LONGEST = 64 * 1024;
/** Tags and attributes. */
const MOST_MARKS = 2000;
const DEEPEST = 64;

const TYPE = { element: 1, text: 3, cdata: 4, instruction: 7, comment: 8 } as const;
/** Characters that xmldom lets through, and XML 1.0 §2.2 does not have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get through
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const refuse = (message: string): never => {
  throw new InvalidXml(message);
};
const strict: ErrorHandler = { warning: refuse, error: refuse, fatalError: refuse };

/**
 * Reads `text`, one well-formed document without document type declaration (and so without entities) or processing instructions.
 *
 * @throws InvalidXml for anything else, and for what is longer than 64 KiB, has more than 2000 tags and attributes, or is nested deeper than 64 elements
 */
export async function parseXml(text: string): Promise<XmlElement> {
  return readElement(await parseDom(text), 0);
}

/** The root element as the library has it: for the signatures, which work on that. Throws as `parseXml`. */
export async function parseDom(text: string): Promise<DomElement> {
  if (text.length > LONGEST || text.split(/[<=]/, MOST_MARKS + 2).length > MOST_MARKS + 1) refuse('too long');
  if (/<!(?!--|\[CDATA\[)/.test(text)) refuse('document type declarations are not read');
  if (UNREADABLE.test(text)) refuse('not a character of XML');
  const { DOMParser } = await import('@xmldom/xmldom');
  try {
    const document = new DOMParser({ errorHandler: strict }).parseFromString(text, 'text/xml');
    for (const node of nodesIn(document)) requireHarmless(node);
    return document.documentElement ?? refuse('no element');
  } catch (error) {
    throw error instanceof InvalidXml ? error : new InvalidXml('not well-formed', { cause: error });
  }
}

/** Beside the root element there is nothing but the XML declaration, comments and white space. */
function requireHarmless(node: DomNode): void {
  if (node.nodeType === TYPE.element || node.nodeType === TYPE.comment) return;
  if (node.nodeType === TYPE.instruction && node.nodeName === 'xml') return;
  if (node.nodeType === TYPE.text && (node.nodeValue ?? '').trim() === '') return;
  refuse('only elements are read');
}

function* nodesIn(parent: DomNode): Generator<DomNode> {
  for (let node = parent.firstChild; node; node = node.nextSibling) yield node;
}

function readElement(node: DomElement, depth: number): XmlElement {
  if (depth > DEEPEST) refuse('nested too deep');
  const children: XmlElement[] = [];
  let text = '';
  for (const child of nodesIn(node)) {
    if (child.nodeType === TYPE.element) {
      const read = readElement(child as DomElement, depth + 1);
      children.push(read);
      text += read.text;
    } else if (child.nodeType === TYPE.text || child.nodeType === TYPE.cdata) text += child.nodeValue ?? '';
    else if (child.nodeType !== TYPE.comment) refuse('only elements and texts are read');
  }
  return { name: node.localName, namespace: node.namespaceURI ?? '', attributes: readAttributes(node), children, text };
}

function readAttributes({ attributes }: DomElement): Record<string, string> {
  const read: Record<string, string> = Object.create(null);
  for (let index = 0; index < attributes.length; index += 1) {
    const { nodeName, value } = attributes.item(index);
    if (!nodeName.includes(':') && nodeName !== 'xmlns') read[nodeName] = value;
  }
  return read;
}

/** The children of `parent` called `name` in `namespace`. */
export function childrenOf(parent: XmlElement | undefined, namespace: string, name: string): readonly XmlElement[] {
  return (parent?.children ?? []).filter((child) => child.name === name && child.namespace === namespace);
}

/** The first of them. */
export function firstChildOf(parent: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined {
  return childrenOf(parent, namespace, name)[0];
}
