import { type Command, Option } from 'commander';
import type { ServeLog, ServeOptions } from '../../serve/options';
import { suggestModels } from '../completion/suggestions';
import { readLoad } from '../infer/engine-flags';
import { addFlags, flagValues } from '../infer/parse-flags';
import { refuse } from '../infer/refuse';
import { readWhole } from '../read-number';
import { runServe } from '../serve/run-serve';

interface Flags
  extends Pick<
    ServeOptions,
    | 'port'
    | 'grpcPort'
    | 'host'
    | 'sessions'
    | 'maxBatch'
    | 'maxDelay'
    | 'queue'
    | 'timeout'
    | 'maxBody'
    | 'maxMemory'
    | 'maxElements'
    | 'maxPixels'
    | 'maxConnections'
    | 'receiveTimeout'
    | 'token'
    | 'allowedHosts'
    | 'grace'
    | 'sharedMemory'
  > {
  readonly log: ServeLog;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

const sharedFlags = ['device', 'engine', 'backend', 'precision', 'cpu-threads', 'runtime', 'format'];

/** Adds `paddlelab serve`: serves models by the Open Inference Protocol. */
export function registerServe(program: Command): void {
  const command = suggestModels(program.command('serve'), 'all')
    .description('serve models by the Open Inference Protocol v2 over HTTP and gRPC, for clients of Triton and KServe')
    .argument('<models...>', 'folders of exported models or names of official ones; NAME=FOLDER names one')
    .option('--port <n>', 'port; 0 takes a free one (8000)', readWhole)
    .option('--grpc-port <n>', 'port for gRPC; 0 takes a free one (no gRPC)', readWhole)
    .option('--host <address>', 'interface; by default this machine only: 127.0.0.1. All: 0.0.0.0')
    .option('--token <token>', 'the token that clients must send, as Authorization: Bearer TOKEN (PADDLELAB_TOKEN)')
    .option(
      '--allowed-hosts <names>',
      'host names, separated by commas, that requests without a token may have',
      readNames,
    )
    .option('--tls-cert <file>', 'certificate in PEM: HTTP and gRPC are encrypted')
    .option('--tls-key <file>', 'its private key')
    .option('--tls-ca <file>', 'certificate authorities; clients must then present a certificate')
    .option('--sessions <n>', 'runs of a model at the same time (one per core)', readWhole)
    .option('--max-batch <n>', 'requests that share a run, where model and shapes let them (1)', readWhole)
    .option('--max-delay <n>', 'milliseconds that a request waits for others to share its run (2)', readWhole)
    .option('--queue <n>', 'requests of a model that wait; others are answered 503 (128)', readWhole)
    .option('--timeout <n>', 'milliseconds that a request may take, waiting included (60000)', readWhole)
    .option('--receive-timeout <n>', 'milliseconds in which a request must have arrived (30000)', readWhole)
    .option('--max-body <n>', 'bytes of a request (268435456)', readWhole)
    .option('--max-memory <n>', 'bytes of all requests together (1073741824)', readWhole)
    .option('--max-elements <n>', 'elements of a tensor (67108864)', readWhole)
    .option('--max-pixels <n>', 'pixels of an image (50000000)', readWhole)
    .option('--max-connections <n>', 'connections at the same time (1024)', readWhole)
    .option('--shared-memory', 'let clients on this machine leave tensors in shared memory of this user (off)')
    .option('--grace <n>', 'milliseconds to finish accepted requests on shutdown (30000)', readWhole)
    .addOption(
      new Option('--log <level>', 'lines of JSON on standard error')
        .choices(['silent', 'error', 'warn', 'info'])
        .default('info'),
    );
  addFlags(command, sharedFlags).action(async (models: string[], flags: Flags) => {
    process.exitCode = await runServe(namedModels(models), serveOptions(flags));
  });
  command.addHelpText('after', () => help);
}

function serveOptions(flags: Flags): ServeOptions {
  const load = readLoad(flagValues(flags as unknown as Record<string, unknown>));
  const { port, host, sessions, maxBatch, maxDelay, queue, timeout, maxBody, maxMemory, maxElements, maxPixels } =
    flags;
  const {
    maxConnections,
    receiveTimeout,
    grace,
    sharedMemory,
    grpcPort,
    allowedHosts,
    log,
    token = process.env.PADDLELAB_TOKEN,
  } = flags;
  return {
    ...{ port, host, sessions, maxBatch, maxDelay, queue, timeout, maxBody, maxMemory, maxElements, maxPixels },
    ...{ maxConnections, receiveTimeout, grace, allowedHosts, log, load, ...(token === '' ? {} : { token }) },
    ...{ grpcPort, sharedMemory, ...tlsOptions(flags) },
  };
}

function tlsOptions({ tlsCert: cert, tlsKey: key, tlsCa: ca }: Flags): Pick<ServeOptions, 'tls'> {
  if (cert !== undefined && key !== undefined) return { tls: { cert, key, ...(ca === undefined ? {} : { ca }) } };
  if ((cert ?? key ?? ca) === undefined) return {};
  throw refuse('Expected --tls-cert with --tls-key, because both are needed to encrypt');
}

/** Spaces after commas are allowed. */
function readNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** `NAME=FOLDER`; without a name it is that of the folder. */
function namedModels(models: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const text of models) {
    const [, given, folder] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
    const name = given ?? text.replace(/\/+$/, '').replace(/^.*\//, '');
    if (named[name] !== undefined) throw refuse(`Two models have the name ${name}; give one another: NAME=FOLDER`);
    named[name] = folder ?? text;
  }
  return named;
}

const help = `
Packages that are not part of the installation: npm install fastify prom-client,
and for --grpc-port: npm install @grpc/grpc-js protobufjs

Endpoints: /v2, /v2/health/live, /v2/health/ready, /v2/models/NAME,
/v2/models/NAME/ready, /v2/models/NAME/infer (tensors), /v2/models/NAME/predict
(images in, results out), /v2/repository/index, /metrics,
with --shared-memory also /v2/systemsharedmemory/status.

SIGTERM and Ctrl-C end it: requests that were taken are answered, new ones get
503. A second Ctrl-C ends it at once.

Examples:
  paddlelab serve models/ppyoloe
  paddlelab serve shapes=models/shapes_det_picodet --host 0.0.0.0 --token SECRET
  paddlelab serve models/ppyoloe --port 8000 --grpc-port 8001
  paddlelab serve models/a models/b --sessions 2 --max-batch 8 --max-delay 5

Exit codes: 0 ended as asked, 1 failed or requests were cancelled at the end,
2 usage error, 130 interrupted before it was ready.`;
