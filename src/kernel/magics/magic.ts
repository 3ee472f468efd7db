import type { NativeLog } from '../native-log';
import type { Outcome, TypeScriptSession } from '../session';

/** The kernel functions that a magic may use. */
export interface MagicContext {
  session: TypeScriptSession;
  /** Runs TypeScript as part of the cell, with the cell's line numbers. */
  run(code: string): Promise<Outcome>;
  /** Prints a line into the cell. */
  print(text: string): void;
  log: NativeLog;
}

/**
 * A command that is not TypeScript: `%name arguments` in the first lines of a cell, or `%%name arguments` as its first
 * line.
 */
export interface Magic {
  name: string;
  kind: 'line' | 'cell';
  /** How it is typed, such as `%%bench [runs]`. */
  usage: string;
  summary: string;
  /** @param body the code below a cell magic, with an empty line in place of the magic */
  run(context: MagicContext, argument: string, body: string): Promise<Outcome>;
}

export function done(value?: unknown): Outcome {
  return { kind: 'done', hasValue: value !== undefined, value };
}
