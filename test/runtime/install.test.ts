import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { InstallProgress } from '../../src/runtime/fetch-options';
import { type InstallReleaseOptions, installRelease } from '../../src/runtime/install';
import { listRuntimes } from '../../src/runtime/manifest';
import { removeRuntime } from '../../src/runtime/remove';
import { useInstallScene } from './install-scene';
import { isolatedPip } from './wheel-index';

/** Each test starts programs, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 120_000 });

const VERSION = '9.8.7';
const ID = `paddlepaddle-${VERSION}`;

const scene = useInstallScene(VERSION);

function downloads(): string[] {
  const folder = path.join(scene.cache, 'downloads', ID);
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe.each(['paddlelab', 'pip'] as const)('with %s,', (client) => {
  const options = (): InstallReleaseOptions => {
    // paddlelab itself needs no program.
    const programs = client === 'paddlelab' ? { PATH: '' } : {};
    return { cache: scene.cache, client, pauseMs: 1, environment: { ...scene.index.environment(), ...programs } };
  };

  describe('installing', () => {
    test('keeps the libraries, the version file and the licence, and nothing else', async () => {
      const runtime = await installRelease(scene.release, options());
      expect(runtime).toMatchObject({
        id: ID,
        version: VERSION,
        device: 'cpu',
        sha256: scene.wheel.sha256,
        complete: true,
      });
      const files = readdirSync(runtime.path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(runtime.path, path.join(entry.parentPath, entry.name)));
      expect(files.sort()).toEqual([
        'manifest.json',
        'paddle/base/libpaddle.so',
        'paddle/libs/libcommon.so',
        'paddle/libs/libdnnl.so.3',
        'paddle/version/__init__.py',
        `${ID}.dist-info/LICENSE`,
        `${ID}.dist-info/METADATA`,
      ]);
      expect(readFileSync(path.join(runtime.path, 'paddle/libs/libcommon.so'), 'utf8')).toBe('common');
      expect(downloads()).toEqual([]);
    });

    test('an installed one is returned without a request to the index', async () => {
      const chosen = options();
      const first = await installRelease(scene.release, chosen);
      expect(await installRelease(scene.release, { ...chosen, environment: {} })).toEqual(first);
    });

    test('hides the runtime until it is complete, and reports progress', async () => {
      const target = path.join(scene.cache, 'runtimes', ID);
      const seen: InstallProgress[] = [];
      const onProgress = (progress: InstallProgress): void => {
        seen.push(progress);
        expect(existsSync(target)).toBe(false);
      };
      await installRelease(scene.release, { ...options(), onProgress });
      const phases = [...new Set(seen.map((progress) => progress.phase))];
      expect(phases).toEqual(['find', 'download', 'verify', 'unpack']);
      const unpacked = seen.at(-1);
      expect(unpacked?.done).toBe(unpacked?.total);
      expect(seen.findLast((progress) => progress.phase === 'download')?.done).toBe(scene.wheel.size);
    });

    test('uses a wheel from a --find-links folder', async () => {
      const environment = { ...isolatedPip(), PIP_NO_INDEX: '1', PIP_FIND_LINKS: path.dirname(scene.wheel.file) };
      expect((await installRelease(scene.release, { cache: scene.cache, client, environment })).complete).toBe(true);
    });

    test('accepts an unpinned version with the hash of the index, or without one', async () => {
      scene.release.sha256 = undefined;
      scene.index.hash = undefined;
      const runtime = await installRelease(scene.release, options());
      expect(runtime.sha256).toBe(scene.wheel.sha256);
    });

    test('a damaged one is listed as damaged and repaired by installing again', async () => {
      const chosen = options();
      const { path: folder } = await installRelease(scene.release, chosen);
      rmSync(path.join(folder, 'paddle/libs/libcommon.so'));
      expect((await listRuntimes({ cache: scene.cache }))[0]?.complete).toBe(false);
      expect((await installRelease(scene.release, chosen)).complete).toBe(true);
    });
  });

  describe('failures', () => {
    test.each(['pinned', 'of the index'])('a wheel without the hash %s is refused and deleted', async (which) => {
      const wrong = 'f'.repeat(64);
      if (which === 'pinned') scene.release.sha256 = wrong;
      else {
        scene.release.sha256 = undefined;
        scene.index.hash = wrong;
      }
      await expect(installRelease(scene.release, options())).rejects.toMatchObject({
        code: 'RUNTIME_INSTALL_FAILED',
        message: expect.stringContaining(
          `Expected SHA-256 ${wrong} for ${scene.wheel.name} but received ${scene.wheel.sha256}`,
        ),
      });
      expect(downloads()).toEqual([]);
      expect(await listRuntimes({ cache: scene.cache })).toEqual([]);
    });

    test('an interrupted download is resumed in the same run', async () => {
      scene.index.answers.push({ cut: 1_000_000 });
      await installRelease(scene.release, options());
      expect(scene.index.ranges[0]).toBe('');
      expect(scene.index.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
      expect(scene.index.ranges).toHaveLength(2);
    });

    test('a failed download is resumed by the next run', async () => {
      const chosen = options();
      scene.index.answers.push({ cut: 1_000_000 }, { status: 404 });
      await expect(installRelease(scene.release, chosen)).rejects.toMatchObject({
        code: 'RUNTIME_INSTALL_FAILED',
        message: expect.stringContaining(' 404'),
      });
      expect(downloads()).toContain(`${scene.wheel.name}.part`);
      await installRelease(scene.release, chosen);
      expect(scene.index.ranges[2]).toBe(scene.index.ranges[1]);
    });

    test('a version that is not on the index is reported with the available ones', async () => {
      scene.release.version = '1.2.3';
      await expect(installRelease(scene.release, options())).rejects.toMatchObject({
        code: 'RUNTIME_INSTALL_FAILED',
        message: expect.stringContaining(`it has ${VERSION}; choose one of them`),
      });
      expect(readdirSync(path.join(scene.cache, 'downloads'))).toEqual([]);
    });

    test('an abort during unpacking keeps the wheel for the next run', async () => {
      const controller = new AbortController();
      const onProgress = ({ phase }: InstallProgress): void => {
        if (phase === 'unpack') controller.abort();
      };
      const chosen = options();
      const aborted = installRelease(scene.release, { ...chosen, onProgress, signal: controller.signal });
      await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
      expect(readdirSync(path.join(scene.cache, 'runtimes'))).toEqual([]);
      await installRelease(scene.release, chosen);
      expect(scene.index.ranges).toHaveLength(1);
    });
  });
});

describe('listing and removing', () => {
  test('a version or a full name removes it', async () => {
    const options = { cache: scene.cache, environment: scene.index.environment() };
    for (const name of [VERSION, ID]) {
      await installRelease(scene.release, options);
      expect((await removeRuntime(name, { cache: scene.cache })).id).toBe(ID);
      expect(await listRuntimes({ cache: scene.cache })).toEqual([]);
      expect(readdirSync(path.join(scene.cache, 'runtimes'))).toEqual([]);
    }
  });

  test('one that is not installed is refused with the installed ones', async () => {
    await installRelease(scene.release, { cache: scene.cache, environment: scene.index.environment() });
    await expect(removeRuntime('1.0.0', { cache: scene.cache })).rejects.toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      message: `Expected an installed runtime for version but received "1.0.0"; installed: ${ID}`,
    });
  });
});
