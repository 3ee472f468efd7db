import { setCellSignal, setCurrentCell } from '../display/live-output';
import { encodeBundle, showAs } from '../notebook/bundle';
import { help } from '../notebook/help';
import { type Failure, failureOf, failureOfDiagnostics } from './failure';
import type { History } from './history';
import { Interrupted } from './interrupted';
import type { JsonObject, Request } from './jupyter-protocol';
import { done, type MagicContext } from './magics/magic';
import { findMagic } from './magics/magics';
import { parseMagics, parseQuestion } from './magics/parse';
import type { NativeLog } from './native-log';
import type { CellContext, CellOutput } from './output';
import type { Outcome, TypeScriptSession } from './session';

/** The settings of an `execute_request`. */
interface Settings {
  code: string;
  silent: boolean;
  storeHistory: boolean;
  stopOnError: boolean;
  userExpressions: Record<string, string>;
}

export interface CellReply {
  content: JsonObject;
  /** Whether the cells waiting in the queue must be aborted. */
  stop: boolean;
}

type Finished = { data?: JsonObject } | { failure: Failure };

/** Runs cells: numbers them, publishes their results and errors, and makes the reply. */
export class CellRunner {
  private count = 0;
  private abort: AbortController | undefined;
  private running: CellContext | undefined;
  private wasInterrupted = false;

  constructor(
    private readonly session: TypeScriptSession,
    private readonly output: CellOutput,
    private readonly history: History,
    private readonly log: NativeLog,
  ) {}

  /** @param interrupts number of interrupts when the request arrived; a later one cancels the cell */
  async run(request: Request, interrupts: number): Promise<CellReply> {
    const settings = readSettings(request.content);
    this.session.interrupts.begin(interrupts);
    const cell: CellContext = { request, silent: settings.silent, payload: [] };
    this.running = cell;
    this.log.belongsTo(cell.silent ? undefined : request.header);
    this.wasInterrupted = false;
    const reply = await this.output.within(cell, () => this.runWithin(cell, settings));
    // From here on there is nothing to cancel, however long the reply takes.
    if (this.running === cell) this.end();
    return reply;
  }

  private async runWithin(cell: CellContext, settings: Settings): Promise<CellReply> {
    if (settings.storeHistory) {
      this.count += 1;
      this.history.add(this.count, settings.code);
    }
    setCurrentCell({ id: cellIdOf(cell.request), run: cell.request.header.msg_id });
    this.output.publish('execute_input', { code: settings.code, execution_count: this.count }, cell);
    const finished = await this.interruptible(() => this.execute(settings, cell));
    // Cancelled meanwhile: its end was published already.
    if (this.running !== cell) return { content: {}, stop: false };
    if ('failure' in finished) {
      this.output.publish('error', finished.failure, cell);
      return { content: this.reply('error', finished.failure), stop: settings.stopOnError };
    }
    if (finished.data !== undefined) {
      const result = { execution_count: this.count, data: finished.data, metadata: {} };
      this.output.publish('execute_result', result, cell);
    }
    const userExpressions = await this.evaluate(settings.userExpressions);
    const content = this.reply('ok', { payload: cell.payload, user_expressions: userExpressions });
    return { content, stop: false };
  }

  get executionCount(): number {
    return this.count;
  }

  /** Cancels the run of a request after an interrupt; returns whether one was running. */
  abandon(request: Request): boolean {
    if (this.running?.request !== request || !this.wasInterrupted) return false;
    this.end();
    setCellSignal(undefined);
    this.abort = undefined;
    this.output.rest();
    this.session.abandon();
    return true;
  }

  private end(): void {
    this.running = undefined;
    this.session.interrupts.end();
  }

  /** Ends the running cell, and the library calls that it has started. */
  interrupt(): void {
    this.wasInterrupted = this.running !== undefined;
    this.abort?.abort(new Interrupted());
    this.session.interrupt();
  }

  /** The reason why code did not run to its end. */
  describe(outcome: Exclude<Outcome, { kind: 'done' }>, code: string, file: string): Failure {
    if (outcome.kind === 'diagnostics') return failureOfDiagnostics(outcome.diagnostics, code, file);
    return failureOf(outcome.error, this.session);
  }

  private reply(status: 'ok' | 'error', content: JsonObject): JsonObject {
    return { status, execution_count: this.count, ...content };
  }

  private async interruptible<T>(work: () => Promise<T>): Promise<T> {
    this.abort = new AbortController();
    setCellSignal(this.abort.signal);
    // V8 drops every pending microtask when it terminates a cell: none of the kernel's own may be pending then.
    await new Promise((resolve) => setImmediate(resolve));
    await this.session.signalArrived();
    try {
      return await work();
    } finally {
      setCellSignal(undefined);
      this.abort = undefined;
    }
  }

  private async execute({ code, storeHistory }: Settings, { request }: CellContext): Promise<Finished> {
    // A run that is not counted has no execution number of its own.
    const file = storeHistory ? `cell[${this.count}].ts` : `cell[${request.header.msg_id.slice(0, 8)}].ts`;
    return this.finish(await this.runCell(code, file), code, file, storeHistory);
  }

  private async runCell(code: string, file: string): Promise<Outcome> {
    const question = parseQuestion(code);
    const { calls, body } = parseMagics(question === undefined ? code : '');
    if (question !== undefined) {
      help(question);
      await this.session.explained;
      return done();
    }
    const context: MagicContext = {
      session: this.session,
      run: (part) => this.session.execute(part, file),
      print: (text) => this.output.write('stdout', `${text}\n`),
      log: this.log,
    };
    try {
      let outcome = done();
      for (const { kind, name, argument } of calls) {
        outcome = await findMagic(kind, name).run(context, argument, body);
        if (kind === 'cell' || outcome.kind !== 'done') return outcome;
      }
      return calls.length > 0 && body.trim() === '' ? outcome : await this.session.execute(body, file);
    } catch (error) {
      return { kind: 'thrown', error };
    }
  }

  private async finish(outcome: Outcome, code: string, file: string, remember = false): Promise<Finished> {
    if (outcome.kind !== 'done') return { failure: this.describe(outcome, code, file) };
    if (!outcome.hasValue) return {};
    try {
      if (remember) this.history.setOutput(outcome.value);
      return { data: await this.session.untilInterrupted(async () => encodeBundle(await showAs(outcome.value))) };
    } catch (error) {
      return { failure: this.describe({ kind: 'thrown', error }, code, file) };
    }
  }

  private async evaluate(expressions: Record<string, string>): Promise<JsonObject> {
    const results: JsonObject = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const file = `expression[${name}].ts`;
      const outcome = await this.interruptible(() => this.session.execute(expression, file));
      const finished = await this.finish(outcome, expression, file);
      results[name] =
        'failure' in finished
          ? { status: 'error', ...finished.failure }
          : { status: 'ok', data: finished.data ?? { 'text/plain': 'undefined' }, metadata: {} };
    }
    return results;
  }
}

function readSettings(content: JsonObject): Settings {
  const silent = content.silent === true;
  return {
    code: String(content.code ?? ''),
    silent,
    storeHistory: !silent && content.store_history !== false,
    stopOnError: content.stop_on_error !== false,
    userExpressions: (content.user_expressions ?? {}) as Record<string, string>,
  };
}

/** JupyterLab and VS Code send the id of the cell that they run. */
function cellIdOf({ metadata }: Request): string | undefined {
  return typeof metadata?.cellId === 'string' ? metadata.cellId : undefined;
}
