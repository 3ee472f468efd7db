// `serve` with the demo detector, over HTTP and gRPC.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { serve } = createRequire(import.meta.url)(root);
const load = { engine: 'onednn', threads: 1, trial: false };
const server = await serve(
  { shapes: process.argv[2] },
  { port: 0, grpcPort: 0, sessions: 1, sharedMemory: true, load },
);
process.send([server.url, server.grpcUrl]);
process.once('disconnect', () => process.exit());
