import type { CellRunner } from './cell-runner';
import type { Comms } from './comms';
import { interruptedFailure } from './failure';
import type { History } from './history';
import type { KernelIo } from './io';
import type { Header, JsonObject, Request } from './jupyter-protocol';
import type { LanguageRequests } from './language-requests';

/** Turns of the event loop that an interrupted cell may take to end. */
const PATIENCE_TURNS = 10;

export interface ServerParts {
  io: KernelIo;
  runner: CellRunner;
  comms: Comms;
  language: LanguageRequests;
  history: History;
  kernelInfo: JsonObject;
  /** Called with the cell that begins to run, and with undefined when none runs. */
  onCell: (header: Header | undefined) => void;
  onShutdown: () => void;
  onProblem: (error: unknown) => void;
}

/** Answers the requests of the shell channel, one after the other. */
export class ShellServer {
  private queue: Request[] = [];
  /** The number of interrupts when each cell arrived. */
  private readonly interruptsBefore = new WeakMap<Request, number>();
  private busy = false;
  /** The request being processed. */
  private current: Request | undefined;
  /** The current request loop; an abandoned one must not go on beside its successor. */
  private worker = 0;

  constructor(private readonly parts: ServerParts) {}

  push(request: Request, interrupts: number): void {
    this.interruptsBefore.set(request, interrupts);
    if (request.header.msg_type.startsWith('comm_')) {
      this.handleComm(request);
      return;
    }
    this.queue.push(request);
    if (!this.busy) void this.work();
  }

  /** At once, beside the running cell: it may be waiting for this very message. */
  private handleComm(request: Request): void {
    this.publishState('busy', request);
    if (request.header.msg_type === 'comm_info_request') this.reply(request, this.parts.comms.info(request.content));
    else this.parts.comms.handle(request);
    this.publishState('idle', request);
    // Front ends show the last state they received.
    if (this.current !== undefined) this.publishState('busy', this.current);
  }

  /**
   * Ends a cell whose end got lost. When V8 terminates a cell, it drops all pending promise reactions. If the kernel's
   * own are among them, no reply would ever be sent.
   */
  async recover(): Promise<void> {
    const { current, worker } = this;
    for (let turn = 0; turn < PATIENCE_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (current === undefined || this.current !== current || this.worker !== worker) return;
    if (!this.parts.runner.abandon(current)) return;
    this.worker += 1;
    const failure = interruptedFailure();
    this.parts.io.publish('error', failure, current.header);
    this.reply(current, { status: 'error', execution_count: this.parts.runner.executionCount, ...failure });
    if (current.content.stop_on_error !== false) this.abortWaitingCells();
    this.publishState('idle', current);
    await this.work();
  }

  private async work(): Promise<void> {
    this.worker += 1;
    const me = this.worker;
    this.busy = true;
    for (let request = this.queue.shift(); request !== undefined; request = this.queue.shift()) {
      this.current = request;
      this.publishState('busy', request);
      try {
        await this.handle(request);
      } catch (error) {
        this.parts.onProblem(error);
        if (this.worker === me) this.fail(request, error);
      }
      if (this.worker !== me) return;
      this.publishState('idle', request);
    }
    this.current = undefined;
    this.busy = false;
  }

  private async handle(request: Request): Promise<void> {
    const { language, history, kernelInfo } = this.parts;
    const content = request.content;
    switch (request.header.msg_type) {
      case 'execute_request':
        return this.execute(request);
      case 'kernel_info_request':
        return this.reply(request, kernelInfo);
      case 'complete_request':
        return this.reply(request, await language.complete(content));
      case 'inspect_request':
        return this.reply(request, await language.inspect(content));
      case 'is_complete_request':
        return this.reply(request, await language.isComplete(content));
      case 'history_request':
        return this.reply(request, history.reply(content));
      case 'shutdown_request':
        this.reply(request, { status: 'ok', restart: content.restart === true });
        return this.parts.onShutdown();
    }
  }

  private async execute(request: Request): Promise<void> {
    const me = this.worker;
    this.parts.onCell(request.header);
    const { content, stop } = await this.parts.runner.run(request, this.interruptsBefore.get(request) ?? 0);
    if (this.worker !== me) return;
    this.parts.onCell(undefined);
    this.reply(request, content);
    if (!stop) return;
    // Requests sent together with the failed cell may still be on their way from the I/O thread.
    await this.parts.io.fence();
    this.abortWaitingCells();
  }

  private abortWaitingCells(): void {
    const waiting = this.queue;
    this.queue = [];
    for (const request of waiting) {
      if (request.header.msg_type !== 'execute_request') {
        this.queue.push(request);
        continue;
      }
      this.publishState('busy', request);
      this.reply(request, { status: 'aborted' });
      this.publishState('idle', request);
    }
  }

  /** Every request gets a reply; otherwise its client would wait for ever. */
  private fail(request: Request, error: unknown): void {
    if (!request.header.msg_type.endsWith('_request')) return;
    const evalue = error instanceof Error ? error.message : String(error);
    this.reply(request, { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] });
  }

  private reply(request: Request, content: JsonObject): void {
    this.parts.io.reply(request, request.header.msg_type.replace(/_request$/, '_reply'), content);
  }

  private publishState(state: 'busy' | 'idle', request: Request): void {
    this.parts.io.publish('status', { execution_state: state }, request.header);
  }
}
