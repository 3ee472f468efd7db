import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { chooseProtocol } from '../../src/repl/graphics/graphics-protocols';

let png: Buffer;
/** Red above, blue below. */
beforeAll(async () => {
  const pixels = Buffer.alloc(4 * 4 * 3);
  for (let i = 0; i < 16; i += 1) pixels[i * 3 + (i < 8 ? 0 : 2)] = 255;
  png = await sharp(pixels, { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toBuffer();
});

/** Shows control characters in escaped form. */
const encode = async (name: string): Promise<string> => {
  const protocol = chooseProtocol(name, {});
  if (protocol === undefined) throw new Error(`no protocol ${name}`);
  return (await protocol.encode(png, 80)).replaceAll('\x1b', 'ESC').replaceAll('\x07', 'BEL');
};

test('a terminal gets the best protocol that it supports', () => {
  const chosen = (environment: NodeJS.ProcessEnv) => chooseProtocol('auto', environment)?.name;
  expect(chosen({ TERM: 'xterm-kitty' })).toBe('kitty');
  expect(chosen({ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' })).toBe('iterm');
  expect(chosen({ TERM: 'foot' })).toBe('sixel');
  expect(chosen({ TERM: 'xterm-256color' })).toBe('half-blocks');
  expect(chosen({ TERM: 'dumb' })).toBeUndefined();
  expect(chooseProtocol('none', { TERM: 'xterm-kitty' })).toBeUndefined();
});

test('kitty and iTerm get the PNG file', async () => {
  const kitty = [...(await encode('kitty')).matchAll(/ESC_G(?:a=T,f=100,)?m=([01]);(.*?)ESC\\/g)];
  expect(Buffer.from(kitty.map(([, , data]) => data).join(''), 'base64').equals(png)).toBe(true);
  expect(kitty.at(-1)?.[1]).toBe('0');
  const [, size, data = ''] = /ESC]1337;File=inline=1;size=(\d+):(.*?)BEL/.exec(await encode('iterm')) ?? [];
  expect(Number(size)).toBe(png.length);
  expect(Buffer.from(data, 'base64').equals(png)).toBe(true);
});

test('sixels draw two red rows over two blue ones', async () => {
  const text = await encode('sixel');
  expect(text).toMatch(/^ESCPq"1;1;4;4#0;2;0;0;0/);
  // Red is 5·36, blue is 5; rows 1 and 2 are bits 0 and 1, rows 3 and 4 are bits 2 and 3; four columns each.
  expect(text).toContain(`#180!4${String.fromCharCode(63 + 0b0011)}`);
  expect(text).toContain(`#5!4${String.fromCharCode(63 + 0b1100)}`);
  expect(text.endsWith('ESC\\\n')).toBe(true);
});

test('half blocks draw two rows of pixels in a line', async () => {
  const lines = (await encode('half-blocks')).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(`${'ESC[38;2;255;0;0mESC[48;2;255;0;0m▀'.repeat(4)}ESC[0m`);
  expect(lines[1]).toContain('ESC[38;2;0;0;255m');
});
