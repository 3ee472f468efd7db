import { inspect } from 'node:util';
import { PaddleLabError } from '../errors';
import { readFileSync } from '../files/fs';
import { showControlsInLines } from '../text/controls';
import type { Diagnostic } from './compiler/cell-compiler';
import { Interrupted } from './interrupted';
import type { JsonObject } from './jupyter-protocol';
import { cleanStack, type StackContext } from './stack';

/** An error as the protocol describes it, in `error` messages as well as in replies. */
export interface Failure extends JsonObject {
  ename: string;
  evalue: string;
  traceback: string[];
}

const RED = '\u001b[31m';
const RESET = '\u001b[39m';

/** The failure for an error thrown by a cell. */
export function failureOf(thrown: unknown, context: StackContext): Failure {
  try {
    return describeThrown(thrown, context);
  } catch {
    // Every primitive value can be shown. What can't is V8's mark of terminated code, which native code of Node passes to
    // handlers of uncaught errors.
    const isObject = typeof thrown === 'object' || typeof thrown === 'function';
    if (!isObject) return interruptedFailure();
    const evalue = 'an object that can not be shown, because its inspection throws';
    return { ename: 'Thrown', evalue, traceback: [red(`Thrown: ${evalue}`)] };
  }
}

function describeThrown(thrown: unknown, context: StackContext): Failure {
  const error = isInterrupt(thrown) ? new Interrupted() : thrown;
  if (error instanceof Interrupted) {
    return interruptedFailure();
  }
  if (!(error instanceof Error)) {
    const evalue = typeof error === 'string' ? error : inspect(error);
    return { ename: 'Thrown', evalue, traceback: [red(`Thrown: ${evalue}`)] };
  }
  const ename = error.name || 'Error';
  const evalue = headline(error);
  const traceback = [red(`${ename}: ${evalue}`), ...cleanStack(error, context), ...causes(error, context)];
  return { ename, evalue, traceback };
}

/** The failure of an interrupted cell; no traceback, because it would not help. */
export function interruptedFailure(): Failure {
  const { name, message } = new Interrupted();
  return { ename: name, evalue: message, traceback: [red(`${name}: ${message}`)] };
}

/** Compile errors. */
export function failureOfDiagnostics(diagnostics: readonly Diagnostic[], source: string, cell: string): Failure {
  const groups = groupByPlace(diagnostics);
  const traceback = groups.flatMap((group) => describe(group, source, cell));
  const first = groups[0]?.[0];
  const evalue = first === undefined ? 'The cell does not compile' : `${place(first)} - ${first.messageText}`;
  return { ename: 'TypeScriptError', evalue, traceback };
}

/** The first line of the message; includes the `code` of a PaddleLabError. */
function headline(error: Error): string {
  return error instanceof PaddleLabError ? `[${error.code}] ${error.message}` : error.message;
}

function causes(error: Error, context: StackContext): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>([error]);
  // The cause of a PaddleLabError quotes file names, never intended colours, so control characters are escaped.
  const show = error instanceof PaddleLabError ? showControlsInLines : (text: string) => text;
  for (let cause = error.cause; cause !== undefined && !seen.has(cause); ) {
    seen.add(cause);
    if (!(cause instanceof Error)) {
      lines.push(show(`Caused by: ${typeof cause === 'string' ? cause : inspect(cause)}`));
      break;
    }
    lines.push(show(`Caused by: ${cause.name}: ${headline(cause)}`), ...cleanStack(cause, context));
    cause = cause.cause;
  }
  return lines;
}

function isInterrupt(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // Thrown by Node on SIGINT.
  return (thrown as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}

/** tslab makes one diagnostic of each message in a chain; they share their position. */
function groupByPlace(diagnostics: readonly Diagnostic[]): Diagnostic[][] {
  const groups: Diagnostic[][] = [];
  for (const diagnostic of diagnostics) {
    const last = groups.at(-1);
    const sameAsLast = last?.[0]?.start.offset === diagnostic.start.offset && diagnostic.fileName === undefined;
    if (last !== undefined && sameAsLast) last.push(diagnostic);
    else groups.push([diagnostic]);
  }
  return groups;
}

function describe([first, ...chain]: Diagnostic[], source: string, cell: string): string[] {
  if (first === undefined) return [];
  const file = first.fileName ?? cell;
  const text = first.fileName === undefined ? source : readText(first.fileName);
  return [
    red(`${file}:${place(first)} - error TS${first.code}: ${first.messageText}`),
    ...chain.map((link, depth) => `${'  '.repeat(depth + 1)}${link.messageText}`),
    ...codeFrame(text, first),
  ];
}

function place({ start }: Diagnostic): string {
  return `${start.line + 1}:${start.character + 1}`;
}

/** The line with the part that the compiler complains about underlined. */
function codeFrame(text: string, { start, end }: Diagnostic): string[] {
  const line = text.split('\n')[start.line];
  if (line === undefined) return [];
  const margin = `${start.line + 1}  `;
  const last = end.line === start.line ? end.character : line.length;
  const length = Math.max(1, last - start.character);
  // Tabs stay tabs, so that the underline is aligned with the code.
  const indent = line.slice(0, start.character).replace(/[^\t]/g, ' ');
  return ['', `${margin}${line}`, `${' '.repeat(margin.length)}${indent}${red('~'.repeat(length))}`, ''];
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function red(text: string): string {
  return `${RED}${text}${RESET}`;
}
