import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRuntime, searchPlaces } from '../../src/runtime/find';
import { inspectFolder } from '../../src/runtime/inspect';
import { writeManifest } from '../../src/runtime/manifest';
import { makeWheelFolder, removeFolder, temporaryFolder } from './wheel-index';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
});

afterEach(() => removeFolder(root));

const folder = (name: string): string => path.join(root, name);

async function makeManaged(
  version: string,
  name = 'paddlepaddle',
  files = [{ path: 'paddle/base/libpaddle.so', size: 3 }],
) {
  const target = makeWheelFolder(folder(`cache/runtimes/${name}-${version}`), version);
  await writeManifest(target, { name, version, wheel: 'x.whl', installed: '2026-01-01T00:00:00Z', files });
  return target;
}

/** A python3 with or without paddle. */
function makePython(paddle: string | undefined): NodeJS.ProcessEnv {
  mkdirSync(folder('bin'), { recursive: true });
  const answer = JSON.stringify(paddle === undefined ? [] : [paddle]);
  writeFileSync(folder('bin/python3'), `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(folder('bin/python3'), 0o755);
  return { PATH: folder('bin') };
}

function search(runtime: string | undefined, environment: NodeJS.ProcessEnv = { PATH: folder('bin') }) {
  return searchPlaces({ runtime, environment, cache: folder('cache') });
}

function makeCppPackage(target: string, version: string): string {
  for (const [name, text] of Object.entries({
    'paddle/lib/libpaddle_inference.so': 'elf',
    'third_party/install/onednn/lib/libdnnl.so.3': 'elf',
    'third_party/install/mklml/lib/libiomp5.so': 'elf',
    'third_party/install/glog/include/glog.h': '',
    'version.txt': version,
  })) {
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    writeFileSync(path.join(target, name), text);
  }
  return target;
}

describe('order of the places', () => {
  test('option, environment, managed (default version first, then newest), Python', async () => {
    const option = makeWheelFolder(folder('option'), '1.1.1');
    const environment = makePython(path.join(makeWheelFolder(folder('site'), '4.4.4'), 'paddle'));
    const named = { ...environment, PADDLELAB_RUNTIME: makeWheelFolder(folder('variable'), '2.2.2') };

    expect(await search(undefined, environment)).toMatchObject({ source: 'python', version: '4.4.4' });
    await makeManaged('2.6.2');
    expect(await search(undefined, environment)).toMatchObject({ source: 'managed', version: '2.6.2' });
    await makeManaged('10.0.0');
    expect(await search(undefined, environment)).toMatchObject({ source: 'managed', version: '10.0.0' });
    await makeManaged('3.3.1');
    expect(await search(undefined, environment)).toMatchObject({ source: 'managed', version: '3.3.1' });
    expect(await search(undefined, named)).toMatchObject({ source: 'environment', version: '2.2.2' });
    expect(await search(option, named)).toMatchObject({ source: 'option', version: '1.1.1' });
  });

  test('a version or a full name selects a managed one, in the option and in the variable', async () => {
    await makeManaged('3.3.1');
    await makeManaged('2.6.2');
    const gpu = await makeManaged('2.6.2', 'paddlepaddle-gpu');
    expect(await search('2.6.2')).toMatchObject({ source: 'option', version: '2.6.2' });
    expect((await search('paddlepaddle-gpu-2.6.2')).root).toBe(gpu);
    expect(await search(undefined, { PADDLELAB_RUNTIME: '2.6.2' })).toMatchObject({ source: 'environment' });
  });
});

describe('refusals', () => {
  test('nothing found: the error lists each place, and the fix', async () => {
    const error = await search(undefined, makePython(undefined)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'RUNTIME_NOT_FOUND' });
    const { message } = error as Error;
    expect(message).toContain('the option runtime (not given)');
    expect(message).toContain('the environment variable PADDLELAB_RUNTIME (not set)');
    expect(message).toContain(`the installed runtimes in ${folder('cache/runtimes')}`);
    expect(message).toContain('the Python environment on PATH (python3: no paddle in it)');
    expect(message).toContain('Fix: npx paddlelab runtime install');
  });

  test('an explicitly named invalid folder is refused even if another runtime exists', async () => {
    await makeManaged('3.3.1');
    mkdirSync(folder('empty'));
    writeFileSync(folder('x.whl'), '');
    const refusals: [string, string][] = [
      [folder('empty'), 'it contains neither paddle/base/libpaddle.so nor lib/libpaddle_inference.so'],
      [folder('nowhere'), 'it does not exist'],
      [folder('x.whl'), 'a wheel file has to be unpacked first'],
    ];
    for (const [value, reason] of refusals) {
      const expected = { code: 'RUNTIME_INVALID', message: expect.stringContaining(reason) };
      await expect(search(value)).rejects.toMatchObject(expected);
      await expect(search(undefined, { PADDLELAB_RUNTIME: value })).rejects.toMatchObject(expected);
    }
  });

  test('the error for a version that is not installed has the install command', async () => {
    await makeManaged('3.3.1');
    await expect(search('paddlepaddle-gpu-2.6.2')).rejects.toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      message: expect.stringContaining('Fix: npx paddlelab runtime install --version 2.6.2 --gpu'),
    });
  });

  test('a damaged managed one is not silently skipped', async () => {
    await makeManaged('3.3.1', 'paddlepaddle', [{ path: 'paddle/libs/gone.so', size: 1 }]);
    await expect(search(undefined)).rejects.toMatchObject({ code: 'RUNTIME_INVALID' });
  });

  test('a too old Python paddle is mentioned', async () => {
    const environment = makePython(path.join(makeWheelFolder(folder('site'), '2.2.0', 'fluid/core_avx.so'), 'paddle'));
    await expect(search(undefined, environment)).rejects.toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      message: expect.stringContaining('its Paddle is older than 2.5'),
    });
  });

  test('options are checked', async () => {
    await expect(findRuntime({ runtime: '' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(findRuntime({ runtme: 'x' } as never)).rejects.toMatchObject({
      code: 'UNKNOWN_OPTION',
      message: expect.stringContaining('did you mean "runtime"?'),
    });
  });
});

describe('contents of a folder', () => {
  test('a wheel, named by either folder', async () => {
    const site = makeWheelFolder(folder('site'), '3.3.1');
    for (const name of [site, path.join(site, 'paddle')]) {
      expect(await inspectFolder(name, 'option')).toEqual({
        kind: 'wheel',
        source: 'option',
        root: name,
        library: path.join(site, 'paddle/base/libpaddle.so'),
        libraryPath: [path.join(site, 'paddle/libs')],
        version: '3.3.1',
        commit: 'c'.repeat(40),
        build: { device: 'cpu', mkl: true, openvino: false },
      });
    }
  });

  test("a GPU wheel of Paddle 2.5 with OpenVINO, next to Python's CUDA packages", async () => {
    const site = makeWheelFolder(folder('site'), '2.5.2', 'fluid/libpaddle.so');
    const text = "full_version = '2.5.2'\ncuda_version = '11.8'\ncudnn_version = '8.6.0'\ntensorrt_version = '8.5.1'\n";
    writeFileSync(path.join(site, 'paddle/version/__init__.py'), text);
    writeFileSync(path.join(site, 'paddle/libs/libopenvino.so.2500'), '');
    mkdirSync(path.join(site, 'nvidia/cudnn/lib'), { recursive: true });
    expect(await inspectFolder(site, 'option')).toMatchObject({
      library: path.join(site, 'paddle/fluid/libpaddle.so'),
      libraryPath: [path.join(site, 'paddle/libs'), path.join(site, 'nvidia/cudnn/lib')],
      build: { device: 'gpu', cuda: '11.8', cudnn: '8.6.0', tensorrt: '8.5.1', mkl: false, openvino: true },
    });
  });

  test('a C++ package of 3.x, named by any of its folders', async () => {
    const text = [
      'Paddle version: 3.0.0',
      'GIT COMMIT ID: abcdef0123',
      'WITH_MKL: ON',
      'WITH_ONEDNN: ON',
      'WITH_OPENVINO: ON',
      'WITH_GPU: ON',
      'CUDA version: 11.8',
      'CUDNN version: v8.9',
      'CXX compiler version: 11.2.0',
      'WITH_TENSORRT: ON',
      'TensorRT version: v8.6.1.6',
    ].join('\n');
    const cpp = makeCppPackage(folder('unpacked/paddle_inference'), text);
    for (const name of [cpp, path.dirname(cpp), path.join(cpp, 'paddle')]) {
      expect(await inspectFolder(name, 'option')).toEqual({
        kind: 'cpp-package',
        source: 'option',
        root: cpp,
        library: path.join(cpp, 'paddle/lib/libpaddle_inference.so'),
        libraryPath: [
          path.join(cpp, 'paddle/lib'),
          path.join(cpp, 'third_party/install/mklml/lib'),
          path.join(cpp, 'third_party/install/onednn/lib'),
        ],
        version: '3.0.0',
        commit: 'abcdef0123',
        build: { device: 'gpu', cuda: '11.8', cudnn: '8.9', tensorrt: '8.6.1.6', mkl: true, openvino: true },
      });
    }
  });

  test('a C++ package of 2.x, which does not state its version', async () => {
    const cpp = makeCppPackage(folder('paddle_inference'), 'GIT COMMIT ID: 8ce0de58\nWITH_MKL: ON\nWITH_GPU: OFF\n');
    expect(await inspectFolder(cpp, 'option')).toMatchObject({
      version: 'unknown',
      commit: '8ce0de58',
      build: { device: 'cpu', mkl: true, openvino: false },
    });
  });
});
