import type { Node, Program, Statement } from 'oxc-parser' with { 'resolution-mode': 'import' };

type Parser = typeof import('oxc-parser', { with: { 'resolution-mode': 'import' }});

export type { Node, Program, Statement };

let loaded: Parser | undefined;

/** Loads the parser, an ES module. */
export async function loadParser(): Promise<void> {
  loaded ??= await import('oxc-parser');
}

export interface SyntaxProblem {
  message: string;
  /** Where it was found; the first of these is the main one. */
  places: readonly { start: number; end: number }[];
}

export interface Parsed {
  program: Program;
  problems: readonly SyntaxProblem[];
}

/** Parses a module. @param language `ts`, `tsx` or `js` */
export function parse(source: string, language: 'ts' | 'tsx' | 'js'): Parsed {
  const options = { lang: language, sourceType: 'module', preserveParens: false } as const;
  const { program, errors } = parser().parseSync(`cell.${language}`, source, options);
  return { program, problems: errors.map(({ message, labels }) => ({ message, places: labels })) };
}

/** The specifiers of a module's imports. @param file its name, whose extension decides how it is parsed */
export function importsOf(text: string, file: string): string[] {
  const { module } = parser().parseSync(file, text, { sourceType: 'module' });
  const reexports = module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest));
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => literal(text.slice(start, end)));
  const known = [...module.staticImports.map(({ moduleRequest }) => moduleRequest), ...reexports];
  return [...known.flatMap((request) => request?.value ?? []), ...dynamic];
}

/** The nodes directly below a node. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of parser().visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) found.push(each);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function literal(text: string): string[] {
  return /^(['"])(.*)\1$/s.exec(text)?.slice(2) ?? [];
}

function parser(): Parser {
  if (loaded === undefined) throw new Error('The parser is used before it is loaded');
  return loaded;
}
