import type { NativeLog } from '../native-log';
import type { Outcome, TypeScriptSession } from '../tslab/session';

/** What a magic may use of the kernel. */
export interface MagicContext {
  session: TypeScriptSession;
  /** Runs TypeScript as a part of the cell; its line numbers are those of the cell. */
  run(code: string): Promise<Outcome>;
  /** Prints a line into the cell. */
  print(text: string): void;
  log: NativeLog;
}

/** A command that is no TypeScript: `%name arguments` in the first lines of a cell, or `%%name arguments` over a cell. */
export interface Magic {
  name: string;
  kind: 'line' | 'cell';
  /** As it is typed, such as `%%bench [runs]`. */
  usage: string;
  summary: string;
  /** @param body what stands below a cell magic, with an empty line in the place of the magic */
  run(context: MagicContext, argument: string, body: string): Promise<Outcome>;
}

export function done(value?: unknown): Outcome {
  return { kind: 'done', hasValue: value !== undefined, value };
}
