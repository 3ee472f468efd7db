import { currentCellSignal, setCellSignal } from '../display/live-output';
import type { BoundHandler, HandlerEnd } from '../notebook/comm-host';
import { type Failure, failureOf, interruptedFailure } from './failure';
import { Interrupted } from './interrupted';
import type { Header } from './jupyter-protocol';
import type { CellContext, CellOutput } from './output';
import type { StackContext } from './stack';
import type { SharedState } from './thread-messages';

/** A handler that is still running. */
interface Run {
  readonly cell: CellContext | undefined;
  readonly abort: AbortController;
  readonly work: () => unknown;
  readonly onEnd: (how: HandlerEnd, failure?: Failure) => void;
}

/**
 * Runs handlers that cells have registered, such as those of widgets. They count as code of their cell, and may run
 * beside the current cell.
 */
export class Events {
  private readonly running = new Set<Run>();

  constructor(
    private readonly output: CellOutput,
    private readonly context: StackContext,
    private readonly state: SharedState,
    /** Called with the cell whose handler runs while no cell does, and with undefined when it ends. */
    private readonly onCell: (header: Header | undefined) => void,
  ) {}

  bind<T>(handler: (value: T) => unknown): BoundHandler<T> {
    const { cell } = this.output;
    let lastError = '';
    return (value, onEnd) => {
      const ended = (how: HandlerEnd, failure?: Failure): void => {
        const error = failure?.traceback.join('\n') ?? '';
        // Otherwise dragging a slider would show the same error at every step.
        const isNews = error !== lastError || how === 'interrupted';
        if (failure !== undefined && isNews) this.output.publish('error', failure, cell);
        lastError = error;
        onEnd?.(how);
      };
      this.start({ cell, abort: new AbortController(), work: () => handler(value), onEnd: ended });
    };
  }

  /** Cancels every handler, including those that V8 has terminated and that will never report their end. */
  interrupt(): void {
    for (const run of [...this.running]) {
      run.abort.abort(new Interrupted());
      this.end(run, 'interrupted', interruptedFailure());
    }
  }

  private start(run: Run): void {
    this.running.add(run);
    // Not while handling a message: V8 may terminate the handler.
    setImmediate(() => this.output.onBehalfOf(run.cell, () => this.run(run)));
  }

  private run(run: Run): void {
    if (!this.running.has(run)) return;
    if (!this.output.cellRuns) this.onCell(run.cell?.request.header);
    // An interrupt also aborts the library calls of a handler; while a cell runs, the cell's own signal does that.
    if (currentCellSignal() === undefined) setCellSignal(run.abort.signal);
    this.state.turn();
    try {
      Promise.resolve(run.work()).then(
        () => this.end(run, 'done'),
        (error) => this.end(run, 'done', failureOf(error, this.context)),
      );
    } catch (error) {
      this.end(run, 'done', failureOf(error, this.context));
    } finally {
      this.state.turn();
    }
  }

  private end(run: Run, how: HandlerEnd, failure?: Failure): void {
    if (!this.running.delete(run)) return;
    if (currentCellSignal() === run.abort.signal) setCellSignal(undefined);
    if (this.running.size === 0 && !this.output.cellRuns) this.onCell(undefined);
    run.onEnd(how, failure);
  }
}
