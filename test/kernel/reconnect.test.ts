import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as zmq from 'zeromq';
import { address, Framing, type Request } from '../../src/kernel/jupyter-protocol';
import type { KernelClient } from '../../src/repl/kernel-client';
import { startKernel } from '../helpers/jupyter';

type Requests = 'shell' | 'control' | 'stdin';

/** The connection of one page: Jupyter's servers name it after the page, also when the page connects again. */
class PageConnection {
  private readonly framing = new Framing(kernel.connection);
  private readonly sockets: Readonly<Record<Requests, zmq.Dealer>>;

  constructor(routingId: string) {
    const open = (channel: Requests): zmq.Dealer => {
      const socket = new zmq.Dealer({ routingId, linger: 0, receiveTimeout: 10_000 });
      socket.connect(address(kernel.connection, channel));
      return socket;
    };
    this.sockets = { shell: open('shell'), control: open('control'), stdin: open('stdin') };
  }

  async send(channel: Requests, type: string, content: object): Promise<void> {
    await this.sockets[channel].send(
      this.framing.encode({ type, identities: [], parent: {}, content: { ...content } }),
    );
  }

  async receive(channel: Requests): Promise<Request | undefined> {
    return this.framing.decode(await this.sockets[channel].receive());
  }

  async reply(channel: Requests, type: string, content: object = {}): Promise<unknown> {
    await this.send(channel, type, content);
    return (await this.receive(channel))?.header.msg_type;
  }

  close(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
  }
}

let kernel: KernelClient;
beforeAll(async () => {
  kernel = startKernel();
  await kernel.ready();
});
afterAll(() => kernel.close());

test('a page that connects again gets replies and questions, although its old connection is still open', async () => {
  const name = randomUUID();
  const connections: PageConnection[] = [];
  try {
    for (let time = 0; time < 2; time++) {
      const page = new PageConnection(name);
      connections.push(page);
      expect(await page.reply('shell', 'kernel_info_request')).toBe('kernel_info_reply');
      expect(await page.reply('control', 'kernel_info_request')).toBe('kernel_info_reply');
      await page.send('shell', 'execute_request', { code: "await prompt('who?')", allow_stdin: true });
      expect((await page.receive('stdin'))?.content.prompt).toBe('who? ');
      await page.send('stdin', 'input_reply', { value: 'me' });
      expect((await page.receive('shell'))?.content.status).toBe('ok');
    }
  } finally {
    for (const page of connections) page.close();
  }
});
