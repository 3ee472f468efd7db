import { randomUUID } from 'node:crypto';
import { Dealer, Subscriber } from 'zeromq';
import { address, Framing, type JsonObject } from '../../src/kernel/jupyter-protocol';
import type { KernelClient, KernelMessage } from '../../src/repl/kernel-client';
import { startKernel } from './jupyter';

/** A kernel, and a page that receives its messages from the beginning. */
export async function startWithFrontEnd(): Promise<{ kernel: KernelClient; page: FrontEnd }> {
  const kernel = startKernel();
  const page = new FrontEnd(kernel);
  await kernel.ready();
  return { kernel, page: await page.ready() };
}

/**
 * A page besides the client that runs cells: receives everything that the kernel publishes, and sends messages like a
 * page.
 */
export class FrontEnd {
  /** All published messages, in order. */
  readonly heard: KernelMessage[] = [];
  private readonly shell: Dealer;
  private readonly iopub = new Subscriber();
  private readonly framing: Framing;
  private readonly waiting = new Set<() => void>();

  constructor({ connection }: KernelClient) {
    this.framing = new Framing(connection);
    this.shell = new Dealer({ linger: 0, routingId: randomUUID() });
    this.shell.connect(address(connection, 'shell'));
    this.iopub.connect(address(connection, 'iopub'));
    this.iopub.subscribe();
    void this.listen();
    void this.readReplies();
  }

  /** Settles when this page receives published messages. */
  async ready(): Promise<this> {
    await this.until(({ header }) => header.msg_type === 'iopub_welcome');
    return this;
  }

  /** Sends a message; returns its id. */
  async send(
    type: string,
    content: JsonObject,
    buffers: readonly Uint8Array[] = [],
    metadata: JsonObject = {},
  ): Promise<string> {
    const frames = this.framing.encode({ type, identities: [], parent: {}, content, metadata, buffers });
    await this.shell.send(frames);
    return JSON.parse(String(frames[2])).msg_id;
  }

  /** The message of a widget that a user moves on a page. */
  change(model: string, state: JsonObject): Promise<string> {
    return this.send('comm_msg', { comm_id: model, data: { method: 'update', state, buffer_paths: [] } });
  }

  /** Runs a cell under the page's cell id. */
  async run(cellId: string, code: string): Promise<void> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const id = await this.send('execute_request', content, [], { cellId });
    await this.until((message) => message.parent.msg_id === id && message.content.execution_state === 'idle');
  }

  /** Sends a request and waits for its reply. */
  async ask(type: string, content: JsonObject): Promise<JsonObject> {
    const id = await this.send(type, content);
    return (await this.until((message) => message.parent.msg_id === id && message.header.msg_type.endsWith('_reply')))
      .content;
  }

  /** The first message of this kind, already received or not. */
  async until(wanted: (message: KernelMessage) => boolean): Promise<KernelMessage> {
    for (;;) {
      const found = this.heard.find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** The first message of a type whose text, data or state matches. */
  untilText(type: string, text: string): Promise<KernelMessage> {
    return this.until(({ header, content }) => header.msg_type === type && JSON.stringify(content).includes(text));
  }

  /** Settles when the kernel has handled all messages sent before. */
  async settled(): Promise<void> {
    const id = await this.send('comm_info_request', {});
    await this.until(({ parent, content }) => parent.msg_id === id && content.execution_state === 'idle');
  }

  /** The states of the opened models, by their ids. */
  get models(): Map<string, JsonObject> {
    const opened = this.heard.filter(({ header }) => header.msg_type === 'comm_open');
    return new Map(
      opened.map(({ content }) => [String(content.comm_id), (content.data as { state: JsonObject }).state ?? {}]),
    );
  }

  /** The id of the newest model with a name, such as `FloatSliderModel`. */
  model(name: string): string {
    const found = [...this.models].reverse().find(([, state]) => state._model_name === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found[0];
  }

  close(): void {
    this.shell.close();
    this.iopub.close();
  }

  private async listen(): Promise<void> {
    for await (const frames of this.iopub) this.hear(frames as Buffer[]);
  }

  private async readReplies(): Promise<void> {
    for await (const frames of this.shell) this.hear(frames as Buffer[]);
  }

  private hear(frames: Buffer[]): void {
    const message = this.framing.decode(frames);
    if (message === undefined) return;
    this.heard.push(message);
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}
