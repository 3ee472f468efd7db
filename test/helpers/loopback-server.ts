import type http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a test, on a free port of the loopback interface. */
export class LoopbackServer {
  constructor(protected readonly server: http.Server) {}

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
