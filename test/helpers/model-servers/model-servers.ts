import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readProgram } from '../../../src/inference/model-files';
import { readModelSpec } from '../../../src/layouts/layouts';
import { makeFolder, makeShortFolder } from '../folders';
import { freePort } from '../free-port';
import { ensurePackages, findPython } from '../python-packages';
import { ModelServer } from './model-server';

/** How a model is served. */
export interface ServedFolder {
  /** The model's folder. */
  readonly directory: string;
  /** Its name on the server. */
  readonly model: string;
  readonly engine: 'plain' | 'onednn';
  readonly threads: number;
}

/** The version whose wheel this project downloads too: other ones may give other bits. */
const paddle = { paddlepaddle: '3.3.1' };

/** Triton, not started; undefined, with a printed note, if this machine can't have it. */
export async function tritonServer(served: ServedFolder): Promise<ModelServer | undefined> {
  // It needs a NumPy before 2.0 (with a later one, outputs are answered with 0 bytes), which has no build for Python 3.13.
  const base = await findPython('3.12', '3.11');
  if (base === undefined) return undefined;
  const versions = { 'nvidia-pytriton': '0.7.0', ...paddle };
  const python = await ensurePackages('python-pytriton', versions, ['setuptools'], base);
  if (python === undefined) return undefined;
  const { folder, settings, ports } = await makeSettings(served);
  const args = [script('triton.py'), settings, makeShortFolder()];
  return new ModelServer('Triton', served.model, folder, { python, args, ...ports, readyPath: readyPath(served) });
}

/** MLServer, not started; undefined as above. */
export async function mlserver(served: ServedFolder): Promise<ModelServer | undefined> {
  const base = await findPython('3.11');
  if (base === undefined) return undefined;
  const python = await ensurePackages('python-mlserver', { mlserver: '1.7.1', ...paddle }, ['setuptools'], base);
  if (python === undefined) return undefined;
  const { folder, settings, ports } = await makeSettings(served);
  const write = (name: string, content: object): void => {
    writeFileSync(path.join(folder, name), JSON.stringify(content));
  };
  write('settings.json', {
    ...{ host: '127.0.0.1', http_port: ports.httpPort, grpc_port: ports.grpcPort, metrics_port: await freePort() },
    // In the server's own process, so that one signal ends all of it.
    parallel_workers: 0,
  });
  write('model-settings.json', {
    ...{ name: served.model, implementation: 'mlserver_runtime.PaddleRuntime' },
    parameters: { uri: settings },
  });
  return new ModelServer('MLServer', served.model, folder, {
    ...{ python, args: [script('mlserver_main.py'), folder] },
    ...{ ...ports, readyPath: readyPath(served) },
  });
}

function readyPath({ model }: ServedFolder): string {
  return `/v2/models/${model}/ready`;
}

function script(name: string): string {
  return path.join(__dirname, name);
}

/** A folder for a server's files, and the settings that the scripts read. */
async function makeSettings({ directory, ...served }: ServedFolder): Promise<{
  folder: string;
  settings: string;
  ports: { httpPort: number; grpcPort: number };
}> {
  const { files } = await readModelSpec(directory);
  const folder = makeFolder();
  const ports = { httpPort: await freePort(), grpcPort: await freePort() };
  const settings = path.join(folder, 'paddle.json');
  const { program, params } = files;
  const { inputs } = (await readProgram(program)).outline;
  writeFileSync(settings, JSON.stringify({ ...served, ...ports, program, params, inputs, folder }));
  return { folder, settings, ports };
}
