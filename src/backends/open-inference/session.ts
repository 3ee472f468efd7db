import { PaddleLabError } from '../../errors';
import type { RunInputs } from '../../inference/feeds';
import type { RunOptions } from '../../inference/predictor';
import type { DeclaredInput } from '../../inference/program-ports';
import type { Tensor } from '../../inference/tensor';
import type { ReceivedTensor } from '../../open-inference/described-tensor';
import { throwIfAborted } from '../../validate';
import type { InferenceSession, SessionInfo, Traffic } from '../session';
import { decodeOutputs } from './decode';
import { encodeInputs } from './encode';
import type { ModelServer } from './model-server';
import { declaredInput, type Ports } from './ports';
import { RunRequest } from './request';
import type { ServerPool } from './server-pool';
import type { SharedRegions } from './shared-memory/regions';

/** Connections that sessions share; the last one closes them. */
export interface SharedConnections {
  users: number;
  readonly close: () => Promise<void>;
  /** Shared memory for inputs; absent: they are sent. */
  readonly regions?: SharedRegions;
}

/** A model on servers; copies share connections. */
export class RemoteSession implements InferenceSession {
  readonly inputs: readonly DeclaredInput[];
  readonly outputNames: readonly string[];
  private readonly pending = new Set<Promise<unknown>>();
  private disposal: Promise<void> | undefined;

  constructor(
    private readonly pool: ServerPool,
    private readonly ports: Ports,
    readonly info: SessionInfo,
    private readonly connections: SharedConnections,
  ) {
    connections.users++;
    this.inputs = ports.inputs.map(declaredInput);
    this.outputNames = ports.outputs.map(({ name }) => name);
  }

  get traffic(): Traffic {
    const sum = (key: keyof Traffic): number => this.pool.servers.reduce((all, { traffic }) => all + traffic[key], 0);
    return { sentBytes: sum('sentBytes'), receivedBytes: sum('receivedBytes') };
  }

  async run(inputs: RunInputs, { signal }: RunOptions = {}): Promise<Tensor[]> {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This session was disposed before');
    throwIfAborted(signal);
    const running = this.ask(inputs, signal);
    this.pending.add(running);
    try {
      return await running;
    } finally {
      this.pending.delete(running);
    }
  }

  private async ask(inputs: RunInputs, signal: AbortSignal | undefined): Promise<Tensor[]> {
    const { ports } = this;
    const outputs = ports.outputs.map(({ remote }) => remote.name);
    const encoded = encodeInputs(ports.inputs, inputs);
    const run = (infer: (server: ModelServer, limit: AbortSignal) => Promise<ReceivedTensor[]>): Promise<Tensor[]> =>
      this.pool.ask(
        async (server, limit) => decodeOutputs(server.modelUrl, ports.outputs, await infer(server, limit)),
        signal,
      );
    const { regions } = this.connections;
    if (regions !== undefined) return regions.use(encoded, outputs, run);
    const request = new RunRequest(encoded, outputs);
    return run((server, limit) => server.infer(request, limit));
  }

  async copy(): Promise<RemoteSession> {
    if (this.disposal !== undefined) throw new PaddleLabError('DISPOSED', 'This session was disposed before');
    return new RemoteSession(this.pool, this.ports, this.info, this.connections);
  }

  dispose(): Promise<void> {
    this.disposal ??= this.end();
    return this.disposal;
  }

  private async end(): Promise<void> {
    await Promise.allSettled(this.pending);
    this.connections.users--;
    if (this.connections.users > 0) return;
    await this.connections.regions?.close();
    await this.connections.close();
  }
}
