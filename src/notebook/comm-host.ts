import { PaddleLabError } from '../errors';

/** What a comm carries: JSON data and binary data. */
export interface CommContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
}

/** The kernel's end of a comm. */
export interface CommChannel {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  /** While a message is listened to, what is sent is an answer to it. */
  send(content: CommContent): void;
  close(data?: CommContent['data']): void;
}

/** Hears a comm; called at once, while the message is handled, so that it must be short and not run code of a cell. */
export interface CommListener {
  message(content: Required<CommContent>): void;
  /** The front end has closed it. */
  closed(data: CommContent['data']): void;
}

/** Takes a comm that a front end opens. */
export type CommTarget = (channel: CommChannel, opening: Required<CommContent>) => CommListener;

/** How a handler came to its end. */
export type HandlerEnd = 'done' | 'interrupted';

/** Starts a handler as code of the cell that it belongs to; never throws. */
export type BoundHandler<T> = (value: T, onEnd?: (how: HandlerEnd) => void) => void;

/** What a kernel can do for code that talks to its front ends. */
export interface CommHost {
  open(target: string, listener: CommListener, content: CommContent): CommChannel;
  /** From now on, front ends can open comms of this target. */
  register(target: string, accept: CommTarget): void;
  /**
   * Makes a handler code of the cell that runs now: whenever it is called, its output, its errors too, goes there, and
   * an interrupt gives it up.
   */
  bind<T>(handler: (value: T) => unknown): BoundHandler<T>;
}

let host: CommHost | undefined;

/** Undefined in a process that is no kernel. */
export function currentCommHost(): CommHost | undefined {
  return host;
}

export function requireCommHost(): CommHost {
  if (host !== undefined) return host;
  throw new PaddleLabError(
    'NOTEBOOK_NEEDED',
    'Widgets and comms are there for the front end of a notebook, and this process is not the kernel of one; run it in a notebook or in `paddlelab repl`',
  );
}

export function setCommHost(value: CommHost | undefined): void {
  host = value;
}
