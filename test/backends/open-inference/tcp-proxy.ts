import net, { type AddressInfo, type Socket } from 'node:net';

/** Passes bytes on to a server of this machine, until a test cuts the connections. */
export class TcpProxy {
  /** How many bytes of answers each new connection passes on before it is cut. */
  answerBytes = Number.POSITIVE_INFINITY;
  /** Number of connections that were opened. */
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server = net.createServer((socket) => this.pass(socket));

  constructor(private readonly target: () => number) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  private pass(client: Socket): void {
    this.connections++;
    const upstream = net.connect(this.target(), '127.0.0.1');
    let left = this.answerBytes;
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) client.destroySoon();
    });
  }

  /** Cuts all connections, as when the machine behind them is gone. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
