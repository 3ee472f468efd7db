import type { CellRunner } from './cell-runner';
import type { History } from './history';
import type { KernelIo } from './io';
import type { LanguageRequests } from './language-requests';
import type { JsonObject, Request } from './protocol';

export interface ServerParts {
  io: KernelIo;
  runner: CellRunner;
  language: LanguageRequests;
  history: History;
  kernelInfo: JsonObject;
  onShutdown: () => void;
  onProblem: (error: unknown) => void;
}

/** Answers the requests of the shell channel, one after the other. */
export class ShellServer {
  private queue: Request[] = [];
  private busy = false;

  constructor(private readonly parts: ServerParts) {}

  push(request: Request): void {
    this.queue.push(request);
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let request = this.queue.shift(); request !== undefined; request = this.queue.shift()) {
      this.publishState('busy', request);
      try {
        await this.handle(request);
      } catch (error) {
        this.parts.onProblem(error);
        this.fail(request, error);
      }
      this.publishState('idle', request);
    }
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
        return this.reply(request, language.complete(content));
      case 'inspect_request':
        return this.reply(request, language.inspect(content));
      case 'is_complete_request':
        return this.reply(request, language.isComplete(content));
      case 'history_request':
        return this.reply(request, history.reply(content));
      case 'comm_info_request':
        return this.reply(request, { status: 'ok', comms: {} });
      case 'comm_open':
        // No comm is known here; closing it tells the front end so.
        return this.parts.io.publish('comm_close', { comm_id: content.comm_id, data: {} }, request.header);
      case 'shutdown_request':
        this.reply(request, { status: 'ok', restart: content.restart === true });
        return this.parts.onShutdown();
    }
  }

  private async execute(request: Request): Promise<void> {
    const { content, stop } = await this.parts.runner.run(request);
    this.reply(request, content);
    if (!stop) return;
    // What was sent together with the cell that failed may still be on its way from the I/O thread.
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

  /** Every request gets a reply, or its client would wait for ever. */
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
