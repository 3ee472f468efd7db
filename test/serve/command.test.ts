import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadModel, predict, withModel } from '../../src';
import { distFile } from '../../src/package-root';
import { demoModel, projectRoot, runProcess } from '../helpers/project';
import { ServedProcess } from './served-process';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const load = { engine: 'plain', threads: 1, trial: false } as const;

const servers: ServedProcess[] = [];
afterEach(() => {
  for (const { child } of servers.splice(0)) child.kill('SIGKILL');
});

test('serves models by name, logs lines of JSON, and ends with 0 after the requests that it has taken', async () => {
  const detector = demoModel('shapes_det_picodet');
  const models = [`shapes=${detector}`, demoModel('shapes_cls_mbv3s')];
  const server = await ServedProcess.start(models, { PADDLELAB_TOKEN: 'secret' });
  servers.push(server);
  const { child, url, ended } = server;
  const log = (): Record<string, unknown>[] =>
    server
      .stderr()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect((await fetch(`${url}/v2/models/shapes`)).status).toBe(401);
  const backend = { kind: 'open-inference', url, model: 'shapes', token: 'secret' } as const;
  const find = async (model: Awaited<ReturnType<typeof loadModel>>): Promise<unknown> => {
    return ((await predict(model, image)) as { detections: unknown }).detections;
  };
  const expected = await withModel(detector, find, load);
  const remote = await loadModel(detector, { backend });
  expect(await find(remote)).toEqual(expected);
  const running = Promise.all(Array.from({ length: 8 }, () => find(remote)));
  // All of them have reached the server before it is told to end.
  const taken = async (): Promise<boolean> => {
    const text = await (await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer secret' } })).text();
    return / 8$/m.test(/^paddlelab_requests_running .*$/m.exec(text)?.[0] ?? '') || log().filter(isInfer).length > 8;
  };
  while (!(await taken()));
  child.kill('SIGTERM');
  expect(await running).toEqual(Array.from({ length: 8 }, () => expected));
  expect(await ended).toBe(0);
  expect(log()).toEqual(
    expect.arrayContaining([expect.objectContaining({ level: 30, model: 'shapes', pid: child.pid })]),
  );
  expect(log().filter(isInfer)).toHaveLength(9);
  expect(JSON.stringify(log())).not.toContain('secret');
  await remote.dispose();
});

function isInfer({ path: url, status }: Record<string, unknown>): boolean {
  return url === '/v2/models/shapes/infer' && status === 200;
}

test('two models of one name, and a model that is not there, are errors', async () => {
  const cli = (...argv: string[]) => runProcess(process.execPath, [distFile('cli/main.js'), 'serve', ...argv]);
  const twice = await cli('a/shapes', 'b/shapes/');
  expect(twice).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/Two models have the name shapes.*NAME=FOLDER/),
  });
  const nowhere = await cli('nowhere', '--port', '0', '--log', 'silent');
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error \[FILE_NOT_FOUND\]/), stdout: '' });
});
