import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryBeside } from '../../src/files/temporaries';
import type { ImageInput } from '../../src/image/image';
import { allInOrder, namesManyImages, resolveImages } from '../../src/image/resolve-images';

let folder: string;
const files = ['b.png', 'a.JPG', 'notes.md', '.hidden.png', 'deep/c.png', 'deep/er/d.webp', 'list.txt', '[odd].png'];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-inputs-'));
  await mkdir(path.join(folder, 'deep/er'), { recursive: true });
  await mkdir(path.join(folder, 'empty'));
  for (const file of files) await writeFile(path.join(folder, file), '');
  await writeFile(path.join(folder, 'list.txt'), 'deep/c.png 3\r\n\n./b.png\n/elsewhere/x.png\n');
});
afterAll(() => rm(folder, { recursive: true }));

test.each<[string, string[]]>([
  ['', ['.hidden.png', '[odd].png', 'a.JPG', 'b.png']],
  ['*.png', ['[odd].png', 'b.png']],
  ['{a,b}.*', ['a.JPG', 'b.png']],
  ['?.png', ['b.png']],
  ['[a-b].*', ['a.JPG', 'b.png']],
  ['[!b].*', ['a.JPG']],
  ['**/*.png', ['[odd].png', 'b.png', 'deep/c.png']],
  ['deep/**', ['deep/c.png', 'deep/er/d.webp']],
  ['*/er/d.*', ['deep/er/d.webp']],
  ['list.txt', ['deep/c.png', 'b.png', '/elsewhere/x.png']],
])('"%s" means several images', async (input, expected) => {
  const full = path.join(folder, input);
  expect(await namesManyImages(full)).toBe(true);
  expect(await resolveImages(full)).toEqual(expected.map((name) => path.resolve(folder, name)));
});

test('temporary files of a run in a folder are not images', async () => {
  const file = temporaryBeside(path.join(folder, 'b.png'));
  await writeFile(file, '');
  try {
    for (const input of [folder, path.join(folder, '.*.png')]) {
      expect(await resolveImages(input)).not.toContain(file);
    }
  } finally {
    await rm(file);
  }
});

test('a single image is returned as given, even if its name looks like a pattern', async () => {
  const odd = path.join(folder, '[odd].png');
  const bytes = new Uint8Array(3);
  for (const input of [odd, 'no/such.png', 'data:image/png;base64,AA', bytes] as ImageInput[]) {
    expect(await namesManyImages(input)).toBe(false);
    expect(await resolveImages(input)).toEqual([input]);
  }
});

test('an array keeps its order; its members may mean several images', async () => {
  const list = ['x.png', path.join(folder, 'deep'), new Uint8Array(1)];
  expect(await resolveImages(list)).toEqual(['x.png', path.join(folder, 'deep/c.png'), list[2]]);
});

test('names that mean something to other shells, and links', async () => {
  const odd = path.join(folder, 'odd (1) !x');
  const names = ['!x.webp', '(1).webp', 'photo(1).webp', '+(2).webp', 'a\nb.webp', 'back\\slash.webp'];
  await mkdir(path.join(odd, 'real'), { recursive: true });
  for (const name of [...names, 'real/z.webp']) await writeFile(path.join(odd, name), '');
  await symlink('real', path.join(odd, 'linked'));
  await symlink('real/z.webp', path.join(odd, 'z.webp'));
  await symlink('nowhere', path.join(odd, 'broken.webp'));
  const matches = async (pattern: string) =>
    ((await resolveImages(path.join(odd, pattern))) as string[]).map((file) => path.relative(odd, file));
  expect(await matches('!*.webp')).toEqual(['!x.webp']);
  expect(await matches('photo(*).webp')).toEqual(['photo(1).webp']);
  expect(await matches('+(?).webp')).toEqual(['+(2).webp']);
  expect(await matches('back\\*.webp')).toEqual(['back\\slash.webp']);
  expect(await matches('*/z.webp')).toEqual(['linked/z.webp', 'real/z.webp']);
  expect(await matches('*.webp')).toEqual([...names, 'z.webp'].sort());
});

test.each(['empty', '*.bmp'])('"%s" gives an error', async (input) => {
  await expect(resolveImages(path.join(folder, input))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('a folder with nothing but pictures that can not be read says so', async () => {
  const phone = path.join(folder, 'phone');
  await mkdir(phone);
  await writeFile(path.join(phone, 'b.heic'), '');
  await expect(resolveImages(phone)).rejects.toThrow(`convert those that can't be read, such as ${phone}/b.heic`);
});

test('of several inputs without images, the error is of the first one, however long it takes', async () => {
  const slow = new Promise<never>((_, reject) => setImmediate(() => setImmediate(() => reject(new Error('first')))));
  await expect(allInOrder([Promise.resolve(1), slow, Promise.reject(new Error('second'))])).rejects.toThrow('first');
  await expect(resolveImages(['none-a/**/*.png', 'none-b*.png'])).rejects.toThrow('none-a/**/*.png');
});
