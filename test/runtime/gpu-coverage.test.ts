import { chmodSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findDevices, type GpuDevice, parseGpus } from '../../src/runtime/devices';
import { diagnose } from '../../src/runtime/doctor';
import { readGpuCode } from '../../src/runtime/fat-binaries';
import { coverageWords, coversCard, gpuCodeOf, refuseUncoveredCard } from '../../src/runtime/gpu-coverage';
import { inspectFolder, type PaddleRuntime } from '../../src/runtime/inspect';
import { type FatBinary, fatLibrary } from '../helpers/fat-library';
import { makeFolder } from '../helpers/folders';
import { makeWheelFolder } from './wheel-index';

/** Like the GPU wheel of PyPI, with one fat binary from a linked-in library. */
const pypi: readonly FatBinary[] = [
  ...Array<FatBinary>(4).fill({ binaries: [61, 70, 75, 80, 86] }),
  { binaries: [35, 60, 90], ptx: [70] },
];

async function gpuRuntime(fatBinaries: readonly FatBinary[] | undefined): Promise<PaddleRuntime> {
  const folder = makeWheelFolder(makeFolder(), '2.6.2');
  const runtime = await inspectFolder(folder, 'option');
  if (fatBinaries !== undefined) writeFileSync(path.join(folder, 'paddle/libs/libphi.so'), fatLibrary(fatBinaries));
  return { ...runtime, build: { ...runtime.build, device: 'gpu' } };
}

function card(computeCapability: number | undefined, index = 0): GpuDevice {
  const capability = computeCapability === undefined ? {} : { computeCapability };
  return { index, name: `Card ${computeCapability}`, memory: 2 ** 34, driver: '550.54', ...capability };
}

test('finds the cards of a library without reading the code', async () => {
  const file = path.join(makeFolder(), 'libphi.so');
  writeFileSync(file, fatLibrary(pypi, 20_000));
  expect(await readGpuCode(file)).toEqual([
    { binaries: [61, 70, 75, 80, 86], ptx: [], count: 4 },
    { binaries: [35, 60, 90], ptx: [70], count: 1 },
  ]);
  writeFileSync(file, fatLibrary(pypi).subarray(0, 9000));
  expect(await readGpuCode(file)).toEqual([]);
  writeFileSync(file, 'no library');
  expect(await readGpuCode(file)).toEqual([]);
});

test.each([
  [6.0, false, 'older than all'],
  [6.1, true, 'the same'],
  [8.9, true, 'newer, of the same major number'],
  [9.0, false, 'of a missing major number'],
  [12.0, false, 'newer than all'],
])('capability %s: %s (%s)', (capability, covered) => {
  const code = [
    { binaries: [61, 70, 75, 80, 86], ptx: [], count: 4 },
    { binaries: [90], ptx: [], count: 1 },
  ];
  expect(coversCard(code, capability * 10)).toBe(covered);
  // PTX is compiled for all newer cards.
  expect(coversCard([{ binaries: [61], ptx: [61], count: 1 }], capability * 10)).toBe(capability > 6);
  expect(coversCard([], capability * 10)).toBe(true);
});

test('a card without code is refused before Paddle is called, with the covered cards and what to install', async () => {
  const runtime = await gpuRuntime(pypi);
  const cache = makeFolder();
  const refused = refuseUncoveredCard(runtime, 0, [card(90)], {}, cache);
  await expect(refused).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  await expect(refused).rejects.toThrow(
    /6\.1, 7\.0, 7\.5, 8\.0, 8\.6 and no PTX.*Card 90 \(compute capability 9\.0\).*runtime install --gpu --version/,
  );
  await refuseUncoveredCard(runtime, 0, [card(86)], {}, cache);
  await refuseUncoveredCard(runtime, 0, [card(undefined)], {}, cache);
  await refuseUncoveredCard(await gpuRuntime(undefined), 0, [card(90)], {}, cache);
});

test('with different cards, a card is only refused if the device number is unambiguous', async () => {
  const runtime = await gpuRuntime(pypi);
  const cards = [card(90), { ...card(86, 1), uuid: 'GPU-8e1f' }];
  const cache = makeFolder();
  const check = (deviceId: number, environment: NodeJS.ProcessEnv) =>
    refuseUncoveredCard(runtime, deviceId, cards, environment, cache);
  await check(0, {});
  await check(1, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' });
  await check(0, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: '1' });
  await check(0, { CUDA_VISIBLE_DEVICES: 'GPU-8e1f' });
  await expect(check(0, { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })).rejects.toThrow(/Card 90/);
});

test('a library is read once, and again when it changes; an unwritable cache is ignored', async () => {
  const runtime = await gpuRuntime(pypi);
  const cache = makeFolder();
  const phi = path.join(runtime.root, 'paddle/libs/libphi.so');
  const first = await gpuCodeOf(runtime, cache);
  expect(coverageWords(first)).toBe('6.1, 7.0, 7.5, 8.0, 8.6 and no PTX');
  const kept = readdirSync(path.join(cache, 'gpu-code'));
  expect(await gpuCodeOf(runtime, cache)).toEqual(first);
  expect(readdirSync(path.join(cache, 'gpu-code'))).toEqual(kept);
  writeFileSync(phi, fatLibrary([{ binaries: [90], ptx: [90] }]));
  utimesSync(phi, 1, 1);
  expect(coverageWords(await gpuCodeOf(runtime, cache))).toBe('9.0 and PTX of 9.0');
  const file = path.join(cache, 'file');
  writeFileSync(file, '');
  expect(await gpuCodeOf(runtime, file)).toHaveLength(1);
});

test('doctor shows the cards that a GPU build covers, and those that it does not', async () => {
  const root = makeWheelFolder(makeFolder(), '2.6.2');
  const version = path.join(root, 'paddle/version/__init__.py');
  writeFileSync(version, "full_version = '2.6.2'\ncuda_version = '11.8'\ncudnn_version = '8.6.0'\nwith_mkl = 'ON'\n");
  writeFileSync(path.join(root, 'paddle/libs/libphi.so'), fatLibrary(pypi));
  const { cpu } = await findDevices();
  const options = { cache: makeFolder(), environment: { PATH: '', PADDLELAB_RUNTIME: root }, loadAddon: () => {} };
  const messages = async (gpus: GpuDevice[]) =>
    (await diagnose({ ...options, devices: { cpu, gpus } })).checks.filter((check) => check.id === 'gpu');
  expect(await messages([card(86)])).toContainEqual({
    id: 'gpu',
    status: 'ok',
    message: 'GPU code for compute capabilities 6.1, 7.0, 7.5, 8.0, 8.6 and no PTX',
  });
  expect(await messages([card(90)])).toContainEqual(
    expect.objectContaining({ status: 'warning', message: expect.stringMatching(/gpu:0 \(Card 90\).*9\.0.*6\.1/) }),
  );
});

test("reads the cards' compute capability, also with a tool that does not support it", async () => {
  expect(parseGpus('0, NVIDIA H100, 81559, 550.54.15, GPU-1, 9.0\n1, Old, 11178, 470.1, GPU-2, [N/A]\n')).toEqual([
    {
      index: 0,
      name: 'NVIDIA H100',
      memory: 81559 * 2 ** 20,
      driver: '550.54.15',
      uuid: 'GPU-1',
      computeCapability: 90,
    },
    { index: 1, name: 'Old', memory: 11178 * 2 ** 20, driver: '470.1', uuid: 'GPU-2' },
  ]);
  const bin = path.join(makeFolder(), 'bin');
  mkdirSync(bin);
  const tool = path.join(bin, 'nvidia-smi');
  writeFileSync(tool, '#!/bin/sh\ncase "$*" in *compute_cap*) exit 2;; esac\necho "0, Old, 11178, 470.1"\n');
  chmodSync(tool, 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${bin}:${before}`;
  onTestFinished(() => {
    process.env.PATH = before;
  });
  expect((await findDevices()).gpus).toEqual([{ index: 0, name: 'Old', memory: 11178 * 2 ** 20, driver: '470.1' }]);
});
