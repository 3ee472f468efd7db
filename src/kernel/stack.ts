import path from 'node:path';
import { packageRoot } from '../package-root';
import type { ScriptMaps } from './compiler/cell-compiler';
import { tslabFolder } from './tslab/internals';

/** The inputs for mapping a stack trace back to cells. */
export interface StackContext {
  maps: ScriptMaps;
  sourceOf(file: string): string | undefined;
  /** Whether V8 has terminated code of this process. */
  readonly hasTerminated: boolean;
}

/** `at name (file:line:column)`, `at async name (…)` or `at file:line:column`. */
const FRAME = /^\s*at (?:async )?(?:(.*) \()?(.+?):(\d+):(\d+)\)?$/;

/**
 * The stack frames that are useful to the user: those of cells, with the cell's own line numbers, of the user's files
 * and of packages; none of Node, tslab or this kernel.
 */
export function cleanStack(error: Error, context: StackContext): string[] {
  const frames = stackFrames(error, context).flatMap((line) => cleanFrame(line, context));
  const [first] = frames.filter((frame) => frame.code !== undefined);
  const code = first?.code === undefined ? [] : ['', first.code];
  return [...frames.map((frame) => frame.text), ...code];
}

/** The text of errors with only the frames that `cleanStack` keeps; the rest of the text stays as it is. */
export function cleanFrames(text: string, context: StackContext): string {
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^(\s+)(at .*?)( \{)?$/.exec(line);
    if (match === null) {
      kept.push(line);
      continue;
    }
    const [, indent = '', frame = '', rest = ''] = match;
    const [cleaned] = cleanFrame(frame, context);
    if (cleaned !== undefined) kept.push(`${indent}${cleaned.text.trimStart()}${rest}`);
    // The braces after an error's frames stay open.
    else if (rest !== '') kept.push(`${kept.pop() ?? ''}${rest}`);
  }
  return kept.join('\n');
}

interface Frame {
  text: string;
  /** The line of the cell, with its number. */
  code?: string;
}

function stackFrames(error: Error, { hasTerminated }: StackContext): string[] {
  const text = hasTerminated ? plainStack(error) : error.stack;
  const stack = typeof text === 'string' ? text : '';
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}

/**
 * The stack without the names of types before methods. After V8 has terminated code, a frame may have an invalid `this`,
 * and Node 20 aborts when it looks for its type (a check in V8's `CallSiteInfo::GetTypeName`).
 */
function plainStack(error: Error): unknown {
  const formatting = Error as { prepareStackTrace?: unknown };
  const before = formatting.prepareStackTrace;
  // A cell's own formatting has precedence. V8 formats a stack when it is read for the first time.
  formatting.prepareStackTrace ??= (thrown: Error, frames: readonly NodeJS.CallSite[]) =>
    [`${thrown.name}: ${thrown.message}`, ...frames.map(plainFrame)].join('\n');
  try {
    return error.stack;
  } finally {
    formatting.prepareStackTrace = before;
  }
}

function plainFrame(frame: NodeJS.CallSite): string {
  const place = `${frame.getFileName() ?? '<anonymous>'}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const name = frame.getFunctionName();
  const kind = frame.isConstructor() ? 'new ' : frame.isAsync() ? 'async ' : '';
  return name === null ? `    at ${kind}${place}` : `    at ${kind}${name} (${place})`;
}

function cleanFrame(text: string, context: StackContext): Frame[] {
  const match = FRAME.exec(text);
  if (match === null) return text.includes('<anonymous>') || text.includes('native') ? [{ text }] : [];
  const [, name = '', file = '', line = '', column = ''] = match;
  if (isInternal(file)) return [];
  // Cells call functions of earlier cells and imports as methods of tslab's exports table, which is a proxy.
  const plainName = name.replace('Proxy.', '');
  if (!context.maps.has(file)) return [{ text: format(plainName, shorten(file), `${line}:${column}`) }];
  const origin = context.maps.original(file, Number(line), Number(column));
  if (origin === undefined) return [];
  // Cells call functions of earlier cells as methods of tslab's exports table, which is a proxy.
  const shown = format(
    name.replace('Proxy.', ''),
    shorten(file).replace(/\.js$/, '.ts'),
    `${origin.line}:${origin.column}`,
  );
  const code = context.sourceOf(file)?.split('\n')[origin.line - 1];
  return [{ text: shown, code: code === undefined ? undefined : `${origin.line}  ${code}` }];
}

function format(name: string, file: string, place: string): string {
  return name === '' ? `    at ${file}:${place}` : `    at ${name} (${file}:${place})`;
}

function isInternal(file: string): boolean {
  return (
    file.startsWith('node:') ||
    file.startsWith(tslabFolder()) ||
    // Frames of the compiled kernel, but not of the rest of this package.
    (file.startsWith(packageRoot()) && path.relative(packageRoot(), file).startsWith(path.join('dist', 'kernel')))
  );
}

/** Strips the folders that only show where things are installed on this machine. */
function shorten(file: string): string {
  const plain = file.replace(/^file:\/\//, '');
  if (plain.startsWith(packageRoot() + path.sep)) return path.join('paddlelab', path.relative(packageRoot(), plain));
  const relative = path.relative(process.cwd(), plain);
  return path.isAbsolute(plain) && !relative.startsWith('..') ? relative : plain;
}
