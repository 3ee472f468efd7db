import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelClient } from '../../src/repl/kernel-client';
import { makeFolder } from '../helpers/folders';
import { errorOf, resultText, runCell, startKernel } from '../helpers/jupyter';
import { demoModel } from '../helpers/project';
import { ModelServer } from '../hub/model-server';

let kernel: KernelClient;
let server: ModelServer;
beforeAll(async () => {
  server = await new ModelServer().start();
  const source = makeFolder();
  symlinkSync(demoModel('shapes_det_picodet'), path.join(source, 'PicoDet-S'));
  const variables = {
    ...{ PADDLELAB_MODELS: makeFolder(), PADDLELAB_MODEL_SOURCE: source, NO_PROXY: '127.0.0.1' },
    ...{ PADDLELAB_BAIDU_ENDPOINT: `${server.url}/baidu`, HF_ENDPOINT: server.url, MODELSCOPE_DOMAIN: server.url },
  };
  kernel = startKernel(undefined, variables);
  await kernel.ready();
});
afterAll(async () => {
  await kernel.close();
  await server.stop();
});

test('a cell completes the names of models inside the quotes', async () => {
  for (const code of ["await loadModel('PicoDet-", "models.pull('PicoDet-"]) {
    const { matches } = await kernel.request('complete_request', { code, cursor_pos: code.length });
    expect(matches).toEqual(expect.arrayContaining(['PicoDet-S', 'PicoDet-XS', 'PicoDet-L_layout_17cls']));
  }
});

test('the help of loadModel and an error of a type stay short', async () => {
  const code = 'loadModel';
  const { data } = await kernel.request('inspect_request', { code, cursor_pos: code.length });
  const text = (data as Record<string, string>)['text/plain'] as string;
  expect(text).toContain('directory: ModelName');
  expect(text).not.toContain('ResNet18');
  const error = errorOf(await runCell(kernel, 'loadModel(5)'));
  expect(error?.evalue).toContain("'ModelName'");
  expect(error?.evalue).not.toContain('ResNet18');
});

test('a cell loads a model by its name, shows how far it is, and uses it', async () => {
  const shown: string[] = [];
  const code =
    "const byName = await loadModel('PicoDet-S', { engine: 'plain', trial: false }); byName.spec.labels.length";
  const result = await runCell(kernel, code, {}, ({ type, data }) => {
    if (type.endsWith('display_data')) shown.push(String((data as Record<string, string>)['text/plain']));
  });
  expect(resultText(result)).toBe('5');
  expect(shown.join('\n')).toMatch(/PicoDet-S: .* \(own place\)[\s\S]*PicoDet-S: 2 MB from own place/);
  expect(resultText(await runCell(kernel, 'await models.list({ pulled: true }).then((all) => all[0].name)'))).toBe(
    "'PicoDet-S'",
  );
  await runCell(kernel, 'await byName.dispose()');
});

test('a source that was passed over is reported, even if another one has the model', async () => {
  server.serveModelScope('PicoDet-XS', demoModel('shapes_det_picodet'));
  const result = await runCell(kernel, "(await models.pull('PicoDet-XS')).source");
  expect(resultText(result)).toBe("'modelscope'");
  expect(JSON.stringify(result.outputs)).toMatch(
    /PicoDet-XS: 2 MB from modelscope; not from own place: [^;]* has neither [^;]*; not from baidu: [^;]*answered 404/,
  );
});

test('a misspelt name is an error with the nearest ones', async () => {
  const error = errorOf(await runCell(kernel, "await loadModel('PicoDet-Ss')"));
  expect(error?.evalue).toContain('did you mean PicoDet-S, PicoDet-XS');
});

test('an interrupt ends a download at once, and it can be continued', async () => {
  const file = '/baidu/PicoDet-L_infer.tar';
  server.files.set(file, Buffer.alloc(300_000));
  server.answers.set(file, [{ stall: 100_000 }]);
  const running = runCell(kernel, "await models.pull('PicoDet-L', { source: 'baidu' })");
  await server.hasStalled();
  await kernel.request('interrupt_request', {});
  expect(errorOf(await running)?.ename).toBe('Interrupted');
});
