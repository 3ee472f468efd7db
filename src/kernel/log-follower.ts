import type { Header, Outgoing } from './jupyter-protocol';
import { LogReader } from './log-reader';
import type { FollowedFile } from './thread-messages';

/** Polling interval while nothing else is sent. */
const POLL_MS = 100;

/** Sends native log lines to their cell; runs in the I/O thread. */
export class LogFollower {
  private reader: LogReader | undefined;
  private timer: NodeJS.Timeout | undefined;
  private cell: Header | undefined;

  constructor(private readonly publish: (message: Outgoing) => void) {}

  /** Follows a file; undefined stops that. */
  follow(file: FollowedFile | undefined): void {
    this.flush();
    clearInterval(this.timer);
    this.reader?.close();
    this.reader = file === undefined ? undefined : new LogReader(file);
    this.timer = file === undefined ? undefined : setInterval(() => this.poll(), POLL_MS).unref();
  }

  /** Lines already in the file belong to the previous cell. */
  setCell(cell: Header | undefined): void {
    this.flush();
    this.cell = cell;
  }

  /** Call it before anything else is sent for a cell, so that lines arrive in order and before the cell's end. */
  flush(): void {
    this.send(this.reader?.readEnd());
  }

  private poll(): void {
    this.send(this.reader?.read());
  }

  private send(text = ''): void {
    if (text === '' || this.cell === undefined) return;
    this.publish({ type: 'stream', identities: [], parent: this.cell, content: { name: 'stderr', text } });
  }
}
