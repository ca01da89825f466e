/** What we use of @xmldom/xmldom. Its own declarations would bring the browser's globals into a program that has none. */
export interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly nodeValue: string | null;
  readonly firstChild: DomNode | null;
  readonly nextSibling: DomNode | null;
}

export interface DomAttributes {
  readonly length: number;
  item(index: number): DomNode & { readonly value: string };
}

export interface DomElement extends DomNode {
  readonly attributes: DomAttributes;
  toString(): string;
}

export interface DomDocument extends DomNode {
  readonly documentElement: DomElement | null;
}

export interface ErrorHandler {
  warning(message: string): void;
  error(message: string): void;
  fatalError(message: string): void;
}

export class DOMParser {
  constructor(options: { errorHandler: ErrorHandler });
  parseFromString(text: string, type: 'text/xml'): DomDocument;
}
