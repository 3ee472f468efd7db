import path from 'node:path';
import { expect, test } from 'vitest';
import { symbolsAboveFloor } from '../../src/dev/symbol-floor';
import { projectRoot } from '../helpers/project';

const addon = path.join(projectRoot, 'native/build/Release/paddlelab.node');
const stubs = path.join(projectRoot, 'native/build/Release/paddle_stubs.node');

test.each([addon, stubs])('%s needs nothing newer than glibc 2.28 and the libstdc++ of GCC 8', async (file) => {
  expect(await symbolsAboveFloor(file)).toEqual([]);
});

test('a symbol above the floor is named with its version', async () => {
  const found = await symbolsAboveFloor(addon, { GLIBC: '2.2.4', GLIBCXX: '3.4.21' });
  expect(found).toContainEqual(expect.stringMatching(/^GLIBC_\S+ dlopen$/));
  expect(found).toContainEqual(expect.stringMatching(/^GLIBCXX_3\.4\.22 \S+thread/));
});
