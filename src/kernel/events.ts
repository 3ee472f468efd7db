import { currentCellSignal, setCellSignal } from '../display/live-output';
import type { BoundHandler, HandlerEnd } from '../notebook/comm-host';
import { type Failure, failureOf, interruptedFailure } from './failure';
import { Interrupted } from './interrupted';
import type { Header } from './jupyter-protocol';
import type { CellContext, CellOutput } from './output';
import type { StackContext } from './stack';
import type { SharedState } from './thread-messages';

/** A handler that has not ended. */
interface Run {
  readonly cell: CellContext | undefined;
  readonly abort: AbortController;
  readonly work: () => unknown;
  readonly onEnd: (how: HandlerEnd, failure?: Failure) => void;
}

/** Runs handlers that cells have left behind, such as those of widgets: as code of their cells, beside the one that runs. */
export class Events {
  private readonly running = new Set<Run>();

  constructor(
    private readonly output: CellOutput,
    private readonly context: StackContext,
    private readonly state: SharedState,
    /** Told whose code is at work when no cell runs, and when none is any more. */
    private readonly onCell: (header: Header | undefined) => void,
  ) {}

  bind<T>(handler: (value: T) => unknown): BoundHandler<T> {
    const { cell } = this.output;
    let lastError = '';
    return (value, onEnd) => {
      const ended = (how: HandlerEnd, failure?: Failure): void => {
        const error = failure?.traceback.join('\n') ?? '';
        // A slider that is dragged would show the same error for each of its places.
        const isNews = error !== lastError || how === 'interrupted';
        if (failure !== undefined && isNews) this.output.publish('error', failure, cell);
        lastError = error;
        onEnd?.(how);
      };
      this.start({ cell, abort: new AbortController(), work: () => handler(value), onEnd: ended });
    };
  }

  /** Gives up every handler, what V8 has ended by force among them, whose own end is never heard of. */
  interrupt(): void {
    for (const run of [...this.running]) {
      run.abort.abort(new Interrupted());
      this.end(run, 'interrupted', interruptedFailure());
    }
  }

  private start(run: Run): void {
    this.running.add(run);
    // Not from within the handling of a message: V8 may end it by force.
    setImmediate(() => this.output.onBehalfOf(run.cell, () => this.run(run)));
  }

  private run(run: Run): void {
    if (!this.running.has(run)) return;
    if (!this.output.cellRuns) this.onCell(run.cell?.request.header);
    // What our library does for it is ended by an interrupt; with a cell running, that cell's signal serves as well.
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
