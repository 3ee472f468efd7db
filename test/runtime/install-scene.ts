import path from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { PaddleRelease } from '../../src/runtime/releases';
import { type FakeWheel, makeWheel, removeFolder, temporaryFolder, WheelIndex } from './wheel-index';

/** What each test of an install gets anew; the wheel is the same for all. */
export interface InstallScene {
  wheel: FakeWheel;
  cache: string;
  /** Has the wheel. */
  index: WheelIndex;
  /** Names the wheel, with its hash. */
  release: { -readonly [Key in keyof PaddleRelease]: PaddleRelease[Key] };
}

/** Prepares the scene for each test of this file. */
export function useInstallScene(version: string): InstallScene {
  const scene = {} as InstallScene;
  beforeAll(() => {
    const shared = temporaryFolder();
    scene.wheel = makeWheel(path.join(shared, 'wheels'), version);
    return () => removeFolder(shared);
  });
  beforeEach(async () => {
    scene.cache = temporaryFolder();
    scene.index = await new WheelIndex(scene.wheel).start();
    scene.release = { name: 'paddlepaddle', version, cpython: 'cp311', sha256: scene.wheel.sha256 };
  });
  afterEach(async () => {
    await scene.index.stop();
    removeFolder(scene.cache);
  });
  return scene;
}
