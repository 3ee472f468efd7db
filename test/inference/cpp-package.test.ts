import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createPredictor } from '../../src';
import { listRuntimes } from '../../src/runtime';
import { makeFolder } from '../helpers/folders';
import { identityConfig } from '../helpers/tiny-model';

test("runs from a C++ package's folders", async () => {
  const wheel = (await listRuntimes()).find((runtime) => runtime.id === 'paddlepaddle-3.3.1');
  const paddle = path.join(wheel?.path ?? '', 'paddle');
  // The same library under the other layout: what differs for us is where things lie, and who finds the dependencies.
  const root = makeFolder();
  await mkdir(path.join(root, 'paddle/lib'), { recursive: true });
  await mkdir(path.join(root, 'third_party/install/all'), { recursive: true });
  await symlink(path.join(paddle, 'base/libpaddle.so'), path.join(root, 'paddle/lib/libpaddle_inference.so'));
  await symlink(path.join(paddle, 'libs'), path.join(root, 'third_party/install/all/lib'));
  await writeFile(
    path.join(root, 'version.txt'),
    'GIT COMMIT ID: 7688495\nWITH_MKL: ON\nWITH_ONEDNN: ON\nWITH_GPU: OFF\nCXX compiler version: 11.2.0\nPaddle version: 3.3.1\n',
  );
  await using predictor = await createPredictor(identityConfig(), { runtime: root, trial: false });
  expect(predictor.runtime).toMatchObject({ kind: 'cpp-package', build: { device: 'cpu' } });
  const [y] = await predictor.run({ x: { shape: [1, 2], data: Float32Array.of(1, 2) } });
  expect(y?.data).toEqual(Float32Array.of(1, 2));
});
