import { randomUUID } from 'node:crypto';
import type { CommChannel, CommContent, CommListener, CommTarget } from '../notebook/comm-host';
import type { Attached } from './io';
import type { Header, JsonObject, Request } from './jupyter-protocol';

/** Publishes to every front end; `parent` is the request that caused it, if any. */
export type PublishComm = (type: string, content: JsonObject, attached: Attached, parent: Header | undefined) => void;

interface OpenComm {
  readonly channel: CommChannel;
  listener: CommListener;
}

const NO_LISTENER: CommListener = { message: () => {}, closed: () => {} };

/** The comms of this kernel: the open ones, their listeners, and the targets that front ends can open. */
export class Comms {
  private readonly targets = new Map<string, CommTarget>();
  private readonly opened = new Map<string, OpenComm>();
  /** The message being handled. */
  private handled: Header | undefined;

  constructor(
    private readonly publish: PublishComm,
    private readonly onProblem: (error: unknown) => void,
  ) {}

  register(target: string, accept: CommTarget): void {
    this.targets.set(target, accept);
  }

  open(target: string, listener: CommListener, content: CommContent): CommChannel {
    const id = randomUUID().replaceAll('-', '');
    this.send('comm_open', { comm_id: id, target_name: target }, content);
    return this.add(id, target, listener).channel;
  }

  /** The content of a `comm_info_reply`. */
  info({ target_name }: JsonObject): JsonObject {
    const all = [...this.opened.values()].map(({ channel }) => channel);
    // null and an empty name mean "all targets".
    const wanted = target_name ? all.filter(({ target }) => target === target_name) : all;
    return { status: 'ok', comms: Object.fromEntries(wanted.map(({ id, target }) => [id, { target_name: target }])) };
  }

  /** Handles a message from a front end; a message for a comm that is not open is ignored. */
  handle({ header, content, metadata, buffers }: Request): void {
    const id = String(content.comm_id ?? '');
    const message = { data: (content.data ?? {}) as JsonObject, metadata, buffers };
    this.handled = header;
    try {
      if (header.msg_type === 'comm_open') this.accept(id, String(content.target_name ?? ''), message);
      else if (header.msg_type === 'comm_msg') this.opened.get(id)?.listener.message(message);
      else if (header.msg_type === 'comm_close') this.closed(id, message.data);
    } catch (error) {
      this.onProblem(error);
    } finally {
      this.handled = undefined;
    }
  }

  private accept(id: string, target: string, opening: Required<CommContent>): void {
    const accept = this.targets.get(target);
    if (id === '' || accept === undefined) {
      // Closing the comm tells the front end that the target is unknown.
      this.send('comm_close', { comm_id: id }, { data: {} });
      return;
    }
    const comm = this.add(id, target, NO_LISTENER);
    try {
      comm.listener = accept(comm.channel, opening);
    } catch (error) {
      comm.channel.close();
      throw error;
    }
  }

  private add(id: string, target: string, listener: CommListener): OpenComm {
    const isOpen = (): boolean => this.opened.get(id) === comm;
    const channel: CommChannel = {
      id,
      target,
      get isOpen() {
        return isOpen();
      },
      send: (content) => {
        if (isOpen()) this.send('comm_msg', { comm_id: id }, content);
      },
      close: (data = {}) => {
        if (!isOpen()) return;
        this.opened.delete(id);
        this.send('comm_close', { comm_id: id }, { data });
      },
    };
    const comm: OpenComm = { channel, listener };
    this.opened.set(id, comm);
    return comm;
  }

  private closed(id: string, data: JsonObject): void {
    const comm = this.opened.get(id);
    this.opened.delete(id);
    comm?.listener.closed(data);
  }

  private send(type: string, content: JsonObject, { data, metadata, buffers }: CommContent): void {
    // Data that is not JSON fails here, in the cell that sends it, and not in the I/O thread.
    const text = JSON.stringify({ data, metadata });
    const safe = JSON.parse(text) as { data: JsonObject; metadata?: JsonObject };
    const size = (buffers ?? []).reduce((sum, { byteLength }) => sum + byteLength, text.length);
    this.publish(type, { ...content, data: safe.data }, { metadata: safe.metadata, buffers, size }, this.handled);
  }
}
