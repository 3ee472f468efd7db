import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type InferenceSession,
  loadModel,
  type ModelServer,
  type OpenInferenceOptions,
  predict,
  predictStream,
  type RunInputs,
  serve,
  withModel,
} from '../../../src';
import { distFile } from '../../../src/package-root';
import { sweepTemporaryFolders } from '../../../src/temporary-folder';
import { demoModel, projectRoot, runProcess } from '../../helpers/project';
import { demoServer } from './demo-server';
import type { ProtocolServer } from './protocol-server';

const folder = '/dev/shm';
const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const detector = demoModel('shapes_det_picodet');
const classifier = demoModel('shapes_cls_mbv3s');
const load = { engine: 'plain', threads: 1, trial: false } as const;

let server: ModelServer;
beforeAll(async () => {
  const models = { shapes: detector, classes: classifier };
  server = await serve(models, { port: 0, grpcPort: 0, load, sessions: 2, sharedMemory: true });
}, 60_000);
afterAll(() => server?.close());

const remote = (more: Partial<OpenInferenceOptions> = {}): { backend: OpenInferenceOptions } => {
  return { backend: { kind: 'open-inference', url: server.url, model: 'shapes', sharedMemory: true, ...more } };
};
const filesOf = (pid = process.pid): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(`paddlelab-tensors-${pid}-`));
async function regions(): Promise<{ readonly name: string; readonly byte_size: number }[]> {
  return (await (await fetch(`${server.url}/v2/systemsharedmemory/status`)).json()) as never;
}
/** Pictures of the classifier, each of another brightness. */
function pictures(count: number): RunInputs {
  const data = Float32Array.from({ length: count * 3 * 64 * 64 }, (_, i) => Math.floor(i / 12_288) / count);
  return { x: { shape: [count, 3, 64, 64], data } };
}

describe.each(['http', 'grpc'] as const)('over %s', (scheme) => {
  const url = (): string => (scheme === 'http' ? server.url : server.grpcUrl!);

  test('results are the local ones to the bit, and nothing of the tensors is sent or left', async () => {
    const [expected, inputs, tensors] = await withModel(
      detector,
      async (model) => {
        const { inputs } = await model.preprocess(image);
        return [(await predict(model, image)).detections, inputs, await model.session.run(inputs)] as const;
      },
      load,
    );
    expect(expected).not.toEqual([]);
    const model = await loadModel(detector, remote({ url: url() }));
    expect((await predict(model, image)).detections).toEqual(expected);
    expect(await model.session.run(inputs)).toEqual(tensors);
    // The same memory for each run, which only this user can read.
    const files = filesOf();
    expect(files.length).toBe(1);
    expect(statSync(path.join(folder, files[0]!)).mode & 0o777).toBe(0o600);
    expect(await regions()).toMatchObject([{ byte_size: 2 ** 20 }]);
    expect(model.session.traffic!.sentBytes).toBeLessThan(2000);
    const streamed: unknown[] = [];
    for await (const one of predictStream(model, [image, image, image, image], { parallel: 3 })) {
      streamed.push((one as { detections: unknown }).detections);
    }
    expect(streamed).toEqual([expected, expected, expected, expected]);
    await model.dispose();
    expect(filesOf()).toEqual([]);
    expect(await regions()).toEqual([]);
  });

  test('runs side by side and larger ones have memory of their own; some of it is larger than a part', async () => {
    const local = await loadModel(classifier, load);
    const model = await loadModel(classifier, remote({ url: url(), model: 'classes' }));
    const copy = await model.session.copy();
    const counts = [1, 2, 120, 3];
    const expected = await Promise.all(counts.map((count) => local.session.run(pictures(count))));
    const found = await Promise.all(
      counts.map((count, i) => (i % 2 === 0 ? model.session : copy).run(pictures(count))),
    );
    expect(found).toEqual(expected);
    for (const [i, count] of counts.entries()) expect(await copy.run(pictures(count))).toEqual(expected[i]);
    expect(filesOf().length).toBe(4);
    await model.dispose();
    expect(await copy.run(pictures(1))).toEqual(expected[0]);
    await copy.dispose();
    await local.dispose();
    expect(filesOf()).toEqual([]);
    expect(await regions()).toEqual([]);
  });

  test('a server that has forgotten the regions gets them again', async () => {
    const model = await loadModel(classifier, remote({ url: url(), model: 'classes' }));
    const expected = await model.session.run(pictures(1));
    await fetch(`${server.url}/v2/systemsharedmemory/unregister`, { method: 'POST' });
    expect(await model.session.run(pictures(1))).toEqual(expected);
    await model.dispose();
    expect(filesOf()).toEqual([]);
  });

  test('memory that another program has removed is an error of one run; the next has new memory', async () => {
    const model = await loadModel(classifier, remote({ url: url(), model: 'classes' }));
    const expected = await model.session.run(pictures(1));
    for (const name of filesOf()) rmSync(path.join(folder, name));
    await expect(model.session.run(pictures(1))).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(/Expected shared memory of this user and machine .* received none/),
    });
    expect(await model.session.run(pictures(1))).toEqual(expected);
    await model.dispose();
    expect(await regions()).toEqual([]);
  });

  test('an aborted run leaves nothing', async () => {
    const model = await loadModel(classifier, remote({ url: url(), model: 'classes' }));
    const controller = new AbortController();
    const runs = Array.from({ length: 4 }, () => model.session.run(pictures(64), { signal: controller.signal }));
    controller.abort();
    for (const outcome of await Promise.allSettled(runs))
      expect(outcome).toMatchObject({ reason: { code: 'ABORTED' } });
    expect(await model.session.run(pictures(1))).toHaveLength(1);
    await model.dispose();
    expect(filesOf()).toEqual([]);
  });

  test('a server that does not take shared memory is refused when the model is loaded', async () => {
    const other = await serve({ shapes: detector }, { port: 0, grpcPort: 0, load, sessions: 1 });
    try {
      const own = scheme === 'http' ? other.url : other.grpcUrl!;
      await expect(loadModel(detector, remote({ url: own, retries: 0 }))).rejects.toMatchObject({
        code: 'REMOTE_FAILED',
        message: expect.stringMatching(/does not announce system_shared_memory; .*--shared-memory/),
      });
    } finally {
      await other.close();
    }
  });

  test('a server on another machine shares no memory', async () => {
    await expect(loadModel(detector, remote({ url: `${scheme}://192.0.2.1:1` }))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(
        /Expected false, because only servers on this machine .* for backend.sharedMemory/,
      ),
    });
  });
});

describe('a server that announces shared memory', () => {
  let other: ProtocolServer;
  let session: InferenceSession;
  beforeAll(async () => {
    ({ server: other, session } = await demoServer());
  });
  afterAll(async () => {
    await other?.stop();
    await session?.dispose();
  });

  test('but can not open it: an error that says what to do, and no other way is taken', async () => {
    other.always = ({ path: asked }, response) => {
      const isMetadata = asked === '/v2';
      if (isMetadata) response.end('{"name":"other","extensions":["binary_tensor_data","system_shared_memory"]}');
      else if (asked.endsWith('/register')) response.writeHead(400).end('{"error":"Unable to open shared memory"}');
      else return false;
      return true;
    };
    const model = await loadModel(detector, remote({ url: other.url }));
    await expect(predict(model, image)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      message: expect.stringMatching(
        /400, "Unable to open shared memory"; it must run on this machine as the same user/,
      ),
    });
    expect(other.runs).toBe(0);
    await model.dispose();
    expect(filesOf()).toEqual([]);
  });
});

describe('a process that ends without disposing the model', () => {
  const script = (end: string): string => `
    const { loadModel } = require(${JSON.stringify(distFile('index.js'))});
    const backend = { kind: 'open-inference', url: ${JSON.stringify(server.url)}, model: 'classes', sharedMemory: true };
    loadModel(${JSON.stringify(classifier)}, { backend }).then(async (model) => {
      await model.session.run({ x: { shape: [1, 3, 64, 64], data: new Float32Array(12288) } });
      console.log('ran');
      ${end}
    });`;

  test('leaves nothing', async () => {
    const { code, stdout } = await runProcess(process.execPath, [
      '-e',
      script('console.log(process.pid); process.exit();'),
    ]);
    expect(code).toBe(0);
    expect(filesOf(Number(stdout.split('\n')[1]))).toEqual([]);
  });

  test('and is killed leaves memory that the next one removes', async () => {
    const child = spawn(process.execPath, ['-e', script('setInterval(() => {}, 1000);')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const [name] = filesOf(child.pid);
    const file = path.join(folder, name!);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(file)).toBe(true);
    const before = Date.now() / 1000 - 3600;
    utimesSync(file, before, before);
    // The next process does not wait for its clean-up; this one does.
    expect(await sweepTemporaryFolders(folder)).toContain(name);
    expect(existsSync(file)).toBe(false);
  });
});
