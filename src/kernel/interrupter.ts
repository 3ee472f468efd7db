import inspector from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedState } from './thread-messages';

/** How long the main thread may keep silent before the next, stronger means. */
const PATIENCE_MS = 200;
const POLL_MS = 10;

/**
 * Stops what runs in the main thread, from the I/O thread, without losing the state of the notebook.
 *
 * A cell that awaits something leaves the event loop free: then asking is enough. The synchronous part of a cell runs
 * under `breakOnSigint` and is ended by a signal. What is left, a loop after an `await` or in a timer, is ended by
 * V8 on request of an inspector session; without `--no-force-async-hooks-checks` Node would abort on that.
 */
export class Interrupter {
  private session: inspector.Session | undefined;

  constructor(
    private readonly state: SharedState,
    private readonly askMainThread: () => void,
  ) {}

  async interrupt(): Promise<void> {
    const beats = this.state.beats;
    this.askMainThread();
    if (await this.answered(beats)) return;
    signalGroup();
    if (await this.answered(beats)) return;
    this.terminate();
    await this.answered(beats);
  }

  private async answered(before: number): Promise<boolean> {
    for (let waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
      await sleep(POLL_MS);
      if (this.state.beats !== before) return true;
      // Stopping the compiler half-way would leave it unusable; it comes back by itself.
      if (this.state.compiling) waited = 0;
    }
    return false;
  }

  private terminate(): void {
    if (this.session === undefined) {
      this.session = new inspector.Session();
      this.session.connectToMainThread();
      this.session.post('Runtime.enable');
    }
    this.session.post('Runtime.terminateExecution');
  }
}

/** To the whole group if the kernel leads one, so that a child process which is waited for synchronously ends too. */
function signalGroup(): void {
  try {
    process.kill(-process.pid, 'SIGINT');
  } catch {
    process.kill(process.pid, 'SIGINT');
  }
}
