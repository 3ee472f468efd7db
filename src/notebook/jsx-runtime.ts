import { jupyterDisplay, type MimeBundle } from '../display/display';
import { invalidArgument } from '../validate';

// What JSX in cells is compiled to if the folder's tsconfig.json names nothing else and React is not installed: HTML as
// text. The names are those that compilers expect of a JSX runtime.

/** HTML as text: `String(html)` gives it, and a notebook shows it. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  [jupyterDisplay](): MimeBundle {
    return { 'text/html': this.text, 'text/plain': this.text };
  }
}

/** What may stand inside of an element; text is escaped, and what React leaves out is left out. */
export type Child = Html | string | number | bigint | boolean | null | undefined | readonly Child[];

export interface Attributes {
  readonly children?: Child;
  /** HTML that is taken as it is, as in React. */
  readonly dangerouslySetInnerHTML?: { readonly __html: string };
  readonly style?: string | Readonly<Record<string, string | number>>;
  readonly [name: string]: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: as in React's types; a component has props of its own.
type Component = (props: any) => Child;

/** The types that the compiler looks for. */
export declare namespace JSX {
  type Element = Html;
  type ElementType = string | Component;
  interface ElementChildrenAttribute {
    children: unknown;
  }
  interface IntrinsicElements {
    [name: string]: Attributes;
  }
}

const nameInMarkup = /^[A-Za-z][\w:.-]*$/;
/** Elements without an end. */
const emptyElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** React's names of attributes that are words of JavaScript. */
const plainNames: Readonly<Record<string, string>> = { className: 'class', htmlFor: 'for' };

export function Fragment({ children }: { readonly children?: Child }): Html {
  return new Html(render(children));
}

/** @throws PaddleLabError INVALID_ARGUMENT if something has no form as HTML, such as a handler */
export function jsx(type: string | Component, props: Attributes): Html {
  if (typeof type === 'function') return new Html(render(type(props)));
  if (!nameInMarkup.test(type)) throw invalidArgument('an element', 'name of an HTML element', type);
  const { children, dangerouslySetInnerHTML, ...attributes } = props;
  const start = `<${type}${Object.entries(attributes).map(attribute).join('')}>`;
  if (emptyElements.has(type)) return new Html(start);
  return new Html(`${start}${dangerouslySetInnerHTML?.__html ?? render(children)}</${type}>`);
}

export const jsxs: typeof jsx = jsx;

function render(child: Child): string {
  if (child === null || child === undefined || typeof child === 'boolean') return '';
  if (child instanceof Html) return child.text;
  if (Array.isArray(child)) return child.map((each: Child) => render(each)).join('');
  if (typeof child === 'string' || typeof child === 'number' || typeof child === 'bigint') {
    return escaped(String(child));
  }
  throw invalidArgument('the content of an element', 'text, number, HTML or a list of these', child);
}

function attribute([name, value]: [string, unknown]): string {
  if (value === null || value === undefined || value === false) return '';
  const plain = plainNames[name] ?? name;
  if (!nameInMarkup.test(plain)) throw invalidArgument('an attribute', 'name of an HTML attribute', name);
  if (value === true) return ` ${plain}`;
  return ` ${plain}="${escaped(attributeText(name, value))}"`;
}

function attributeText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (name === 'style' && typeof value === 'object' && value !== null) {
    const declarations = Object.entries(value).map(([property, of]) => `${hyphenated(property)}: ${String(of)}`);
    return declarations.join('; ');
  }
  throw invalidArgument(`attribute ${name}`, 'text, number or boolean', value);
}

function hyphenated(property: string): string {
  return property.startsWith('--') ? property : property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
