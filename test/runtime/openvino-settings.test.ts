import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { boundOpenvinoCache } from '../../src/runtime/openvino-settings';
import { makeFolder } from '../helpers/folders';

const folder = makeFolder();
const plugin = 'libopenvino_intel_cpu_plugin.so';

function makeLibraries(name: string, files: Record<string, string>): string {
  const libraries = path.join(folder, name);
  mkdirSync(libraries);
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(libraries, file), content);
  return libraries;
}

test('a file beside the plugin of OpenVINO bounds what it keeps', async () => {
  const libraries = makeLibraries('openvino', { [plugin]: '' });
  await boundOpenvinoCache([path.join(folder, 'missing'), libraries]);
  const settings = readFileSync(path.join(libraries, 'plugins.xml'), 'utf8');
  expect(settings).toContain(`name="CPU" location="${plugin}"`);
  expect(settings).toContain('key="CPU_RUNTIME_CACHE_CAPACITY" value="100"');
});

test('a Paddle without OpenVINO, and settings of the user, stay as they are', async () => {
  const without = makeLibraries('without', { 'libdnnl.so.3': '' });
  const own = makeLibraries('own', { [plugin]: '', 'plugins.xml': '<ie/>' });
  await boundOpenvinoCache([without, own]);
  expect(readdirSync(without)).toEqual(['libdnnl.so.3']);
  expect(readFileSync(path.join(own, 'plugins.xml'), 'utf8')).toBe('<ie/>');
});
