import { PaddleLabError } from '../errors';
import { checkString, invalidArgument } from '../validate';
import { type CommChannel, type CommContent, type CommListener, requireCommHost } from './comm-host';

/** A message from one side of a comm to the other: JSON data and optional binary data. */
export interface CommMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/**
 * A connection between notebook code and a front-end extension; created by `openComm`, or passed to the handler of
 * `registerComm`.
 */
export class Comm {
  readonly #channel: CommChannel;
  readonly #onMessage = new Set<(message: CommMessage) => void>();
  readonly #onClose = new Set<(message: CommMessage) => void>();
  /** Messages that arrive before the receiving code has set a handler. */
  #early: CommMessage[] | undefined = [];

  /** @internal */
  constructor(connect: (listener: CommListener) => CommChannel) {
    this.#channel = connect({
      message: ({ data, buffers }) => {
        if (this.#onMessage.size === 0) this.#early?.push({ data, buffers });
        for (const handler of this.#onMessage) handler({ data, buffers });
      },
      closed: (data) => {
        for (const handler of this.#onClose) handler({ data, buffers: [] });
      },
    });
  }

  get id(): string {
    return this.#channel.id;
  }

  get target(): string {
    return this.#channel.target;
  }

  /** Whether neither side has closed it. */
  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  /** @internal Stops keeping early messages, once the code had its chance to set a handler. */
  handedOver(): void {
    this.#early = undefined;
  }

  /** Sends a message to the other side. */
  send(data: object, buffers: readonly Uint8Array[] = []): void {
    if (!this.isOpen) throw new PaddleLabError('DISPOSED', `The comm of "${this.target}" was closed; open another one`);
    this.#channel.send(checkContent(data, buffers));
  }

  /** Closes the connection; the other side gets the data. */
  close(data: object = {}): void {
    this.#channel.close(checkContent(data, []).data);
  }

  /** Calls a handler with each message from the other side; its output goes to the running cell. */
  onMessage(handler: (message: CommMessage) => unknown): void {
    const bound = bind(handler);
    this.#onMessage.add(bound);
    for (const message of this.#early?.splice(0) ?? []) bound(message);
  }

  /** Calls a handler when the other side closes it. */
  onClose(handler: (message: CommMessage) => unknown): void {
    this.#onClose.add(bind(handler));
  }
}

/**
 * Opens a comm to the front-end extension that has registered this target; without such an extension, the front end
 * closes the comm.
 *
 * @throws PaddleLabError INVALID_ARGUMENT; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * import { openComm } from 'paddlelab';
 * const comm = openComm('my-extension', { hello: 'page' });
 * comm.onMessage(({ data, buffers }) => console.log(data, buffers.length));
 * comm.send({ pixels: [2, 1] }, [new Uint8Array(6)]);
 * comm.close();
 */
export function openComm(target: string, data: object = {}, buffers: readonly Uint8Array[] = []): Comm {
  checkString('target', target);
  const content = checkContent(data, buffers);
  const host = requireCommHost();
  const comm = new Comm((listener) => host.open(target, listener, content));
  comm.handedOver();
  return comm;
}

/**
 * Lets extensions of the front end open comms of a target; the handler gets each comm and its opening message.
 *
 * @throws PaddleLabError INVALID_ARGUMENT; NOTEBOOK_NEEDED outside of a notebook
 *
 * @example
 * import { registerComm } from 'paddlelab';
 * registerComm('my-target', (comm, { data }) => comm.send({ received: data }));
 */
export function registerComm(target: string, onOpen: (comm: Comm, opening: CommMessage) => unknown): void {
  checkString('target', target);
  const host = requireCommHost();
  if (typeof onOpen !== 'function') throw invalidArgument('onOpen', 'function', onOpen);
  const opened = host.bind(([comm, opening]: readonly [Comm, CommMessage]) => onOpen(comm, opening));
  host.register(target, (channel, { data, buffers }) => {
    let listener: CommListener | undefined;
    const comm = new Comm((own) => {
      listener = own;
      return channel;
    });
    opened([comm, { data, buffers }], () => comm.handedOver());
    return listener as CommListener;
  });
}

function bind(handler: (message: CommMessage) => unknown): (message: CommMessage) => void {
  if (typeof handler !== 'function') throw invalidArgument('handler', 'function', handler);
  return requireCommHost().bind(handler);
}

function checkContent(data: object, buffers: readonly Uint8Array[]): CommContent {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    throw invalidArgument('data', 'object that JSON can hold', data);
  }
  if (!Array.isArray(buffers)) throw invalidArgument('buffers', 'array of Uint8Array', buffers);
  buffers.forEach((buffer: unknown, i) => {
    if (!(buffer instanceof Uint8Array)) throw invalidArgument(`buffers[${i}]`, 'Uint8Array', buffer);
  });
  return { data: data as CommContent['data'], buffers };
}
