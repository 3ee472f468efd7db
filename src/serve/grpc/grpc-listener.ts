import net, { type AddressInfo, type Socket } from 'node:net';
import type { MethodDefinition, ServerCredentials, ServiceDefinition } from '@grpc/grpc-js';
import { messageOf, PaddleLabError } from '../../errors';
import type { GrpcLibrary } from '../../open-inference/grpc/library';
import { loadGrpc } from '../../open-inference/grpc/library';
import { MessageTooLarge } from '../../open-inference/grpc/message-size';
import type { ServeSettings } from '../options';
import type { ModelService } from '../service/model-service';
import type { SharedParts } from '../shared-parts';
import type { ServeTls } from '../tls';
import { callInterceptor, type ServeLog } from './call-interceptor';
import { healthHandlers, protocolHandlers, type Received } from './handlers';

/** Calls of a connection at the same time. */
const mostCalls = 256;
/** Clients connect again when they need to. Node leaves connections open on which it has refused a damaged frame. */
const idleMs = 60_000;
/** Bytes that every client of HTTP/2 sends first. */
const prefaceLength = 24;
/** Large tensors would wait for the other side after each 64 KiB otherwise. */
const flowControlWindow = 4 * 2 ** 20;
/** How long an answer that was sent may take to arrive, when the server ends. */
const lastAnswersMs = 2000;

interface GrpcParts extends SharedParts {
  readonly log: ServeLog;
}

/** Models over gRPC. */
export interface GrpcListener {
  listen(host: string, port: number): Promise<AddressInfo>;
  /** Closes all connections: after the last answers, or at once. */
  close(atOnce: boolean): Promise<void>;
}

/** Does not listen yet. @throws PaddleLabError TOOL_FAILED if a package of gRPC is not installed */
export function createGrpc(
  service: ModelService,
  settings: ServeSettings,
  { metrics, memory, regions, log, tls }: GrpcParts,
): GrpcListener {
  const library = loadGrpc();
  const { grpc, inference, health } = library;
  const server = new grpc.Server({
    'grpc.max_receive_message_length': settings.maxBody,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': mostCalls,
    'grpc.max_connection_idle_ms': idleMs,
    'grpc-node.flow_control_window': flowControlWindow,
    'grpc.enable_channelz': 0,
    interceptors: [callInterceptor(library, { settings, metrics, budget: memory, log })],
  });
  const failed = (call: string, error: unknown): void => {
    if (!(error instanceof PaddleLabError)) log.error({ call, err: error }, 'failed');
  };
  server.addService(answeringAll(inference), protocolHandlers(library, { service, regions }, failed));
  server.addService(answeringAll(health), healthHandlers(library, service));
  const sockets = new Set<Socket>();
  const injector = server.createConnectionInjector(credentialsOf(library, tls));
  // Connections are this package's, so that they can be limited, and closed when the server ends.
  const listener = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const timer = setTimeout(() => {
      if (socket.bytesRead < prefaceLength) socket.destroy();
    }, settings.receiveTimeout);
    socket.once('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
    });
    injector.injectConnection(socket);
  });
  listener.maxConnections = settings.maxConnections;
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        listener.once('error', reject);
        listener.listen({ host, port }, () => {
          listener.off('error', reject);
          resolve(listener.address() as AddressInfo);
        });
      }),
    close: async (atOnce) => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      const cut = (): void => {
        for (const socket of sockets) socket.destroy();
      };
      const timer = setTimeout(cut, atOnce ? 0 : lastAnswersMs);
      server.tryShutdown(() => undefined);
      await closed;
      clearTimeout(timer);
    },
  };
}

function credentialsOf({ grpc }: GrpcLibrary, tls: ServeTls | undefined): ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  const { cert, key, ca } = tls;
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  return grpc.ServerCredentials.createSsl(ca === undefined ? null : Buffer.from(ca), [pair], ca !== undefined);
}

/** The same service, whose handlers also get damaged messages, and refuse them. */
function answeringAll(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, call]: [string, MethodDefinition<object, object>]) => {
      const requestDeserialize = (bytes: Buffer): Received => {
        try {
          return { message: call.requestDeserialize(bytes) };
        } catch (error) {
          return { problem: error instanceof MessageTooLarge ? messageOf(error) : 'bytes of something else' };
        }
      };
      return [name, { ...call, requestDeserialize }];
    }),
  );
}
