import { afterEach, beforeEach, expect, test } from 'vitest';
import { findableLibraries, missingCudaLibraries } from '../../src/runtime/cuda';
import { parseCpuInfo, parseGpus } from '../../src/runtime/devices';
import { diagnose } from '../../src/runtime/doctor';
import { inspectFolder } from '../../src/runtime/inspect';
import { parseLdd } from '../../src/runtime/libraries';
import { missingLibrariesFix } from '../../src/runtime/system-packages';
import { makeWheelFolder, removeFolder, temporaryFolder } from './wheel-index';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

afterEach(() => removeFolder(root));

test('nothing installed: each missing part has a fix', async () => {
  const loadAddon = (): void => {
    throw new Error('not built');
  };
  const report = await diagnose({ cache: root, environment: { PATH: root, HOME: root }, loadAddon });
  expect(report.usable).toBe(false);
  expect(report.places.map((place) => place.source)).toEqual(['option', 'environment', 'managed', 'python']);
  const found = Object.fromEntries(report.checks.map((check) => [check.id, check]));
  expect(found.node).toMatchObject({ status: 'ok' });
  expect(found.addon).toMatchObject({ status: 'error', message: expect.stringContaining('not built') });
  expect(found.runtime).toMatchObject({ status: 'error', fix: 'npx paddlelab runtime install' });
  expect(found.kernel).toMatchObject({ status: 'warning', fix: 'npx paddlelab kernel install' });
  for (const check of report.checks) expect(check.status === 'ok' || check.fix !== undefined).toBe(true);
});

test('an installed runtime is described, and an invalid one that is named takes precedence', async () => {
  const site = makeWheelFolder(root, '3.3.1');
  const environment = { PATH: '', HOME: root, PADDLELAB_RUNTIME: site };
  const report = await diagnose({ cache: root, environment, loadAddon: () => {} });
  expect(report.runtime).toMatchObject({ source: 'environment', version: '3.3.1' });
  expect(report.places[1]?.runtimes).toMatchObject([{ version: '3.3.1', device: 'cpu', used: true }]);

  const wrong = await diagnose({ cache: root, environment, runtime: `${root}/none`, loadAddon: () => {} });
  expect(wrong.usable).toBe(false);
  expect(wrong.runtime).toBeUndefined();
  expect(wrong.places[1]?.runtimes).toMatchObject([{ used: false }]);
});

test('a GPU build lists its missing CUDA libraries', async () => {
  const runtime = await inspectFolder(makeWheelFolder(root, '2.6.2'), 'option');
  expect(missingCudaLibraries(runtime, [])).toEqual([]);
  const gpu: typeof runtime = { ...runtime, build: { ...runtime.build, device: 'gpu' } };
  expect(missingCudaLibraries(gpu, ['libc.so.6', 'libcudnn.so.8'])).toEqual(['libcublas.so']);
  expect(missingCudaLibraries(gpu, ['libcublas.so.11', 'libcudnn.so.8'])).toEqual([]);
  expect(await findableLibraries(runtime)).toContain('libcommon.so');
});

test("the loader's messages", () => {
  const text = [
    '\tlinux-vdso.so.1 (0x00007fff)',
    '\tlibgomp.so.1 => not found',
    '\tlibstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007fe4)',
    "./libpaddle.so: /lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by ./libpaddle.so)",
  ].join('\n');
  expect(parseLdd(text)).toEqual({
    resolved: { 'libstdc++.so.6': '/lib/x86_64-linux-gnu/libstdc++.so.6' },
    missing: ['libgomp.so.1', 'GLIBCXX_3.4.30'],
  });
});

test.each([
  [['libgomp.so.1'], /^install what is missing: (sudo )?(apt-get install -y libgomp1|dnf install -y libgomp)/],
  [['libgomp.so.1', 'GLIBCXX_3.4.30'], /(libgomp1 libstdc\+\+6|libgomp libstdc\+\+)/],
  [['GLIBC_2.99', 'libgomp.so.1'], /^use a newer Linux distribution \(it needs GLIBC_2\.99\)$/],
  [['libnone.so.3'], /LD_LIBRARY_PATH$/],
])('what to do about missing libraries: %j', async (missing, fix) => {
  expect(await missingLibrariesFix(missing)).toMatch(fix);
});

test('CPU features and GPUs', () => {
  const cpuinfo = 'processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nflags\t\t: fpu avx avx2 avx512f amx_bf16\n';
  expect(parseCpuInfo(cpuinfo, 4)).toEqual({
    model: 'Some CPU @ 2.00GHz',
    threads: 4,
    features: ['avx', 'avx2', 'avx512f', 'amx_bf16'],
  });
  const arm =
    'processor\t: 0\nFeatures\t: fp asimd aes asimdhp asimddp sve bf16 i8mm\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n';
  expect(parseCpuInfo(arm, 2)).toEqual({
    model: 'arm64 (implementer 0x41, part 0xd40)',
    threads: 2,
    features: ['asimd', 'asimdhp', 'asimddp', 'sve', 'bf16', 'i8mm'],
  });
  expect(parseCpuInfo('', 1)).toEqual({ model: 'unknown', threads: 1, features: [] });
  expect(parseGpus('0, NVIDIA H200, 143771, 550.54.15\nNo devices were found\n')).toEqual([
    { index: 0, name: 'NVIDIA H200', memory: 143771 * 2 ** 20, driver: '550.54.15' },
  ]);
});
