// Draws pages of text for the benchmark: English, Chinese and both, at several sizes, with the outlines of this package's font.

import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const english =
  `Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do: once or
twice she had peeped into the book her sister was reading, but it had no pictures or conversations in it, and what is the
use of a book, thought Alice, without pictures or conversations? So she was considering in her own mind (as well as she
could, for the hot day made her feel very sleepy and stupid), whether the pleasure of making a daisy-chain would be worth the
trouble of getting up and picking the daisies, when suddenly a White Rabbit with pink eyes ran close by her.`.split(
    /\s+/,
  );

const chinese =
  `天地玄黄宇宙洪荒日月盈辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜
海咸河淡鳞潜羽翔龙师火帝鸟官人皇始制文字乃服衣裳推位让国有虞陶唐吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎首臣伏戎羌遐迩一体率宾归王`.replace(
    /\s/g,
    '',
  );

const [width, height, margin] = [1240, 1754, 100];
const sizes = [24, 20, 30, 27];
const ink = [40, 40, 48];

/** `count` pages in a folder: their files, and their text, line by line. */
export async function drawPages(root, folder, count) {
  const require = createRequire(path.join(root, 'package.json'));
  const sharp = require('sharp');
  const { textPath } = require(path.join(root, 'dist/drawing/text.js'));
  mkdirSync(folder, { recursive: true });
  const pages = [];
  for (let number = 0; number < count; number++) {
    const size = sizes[number % sizes.length];
    const lines = linesOf(number, size);
    const paths = lines.map((text, i) => textPath(text, margin, margin + (i + 1) * Math.round(size * 1.7), size, ink));
    const paper = number % 2 === 0 ? '#fdfbf6' : '#f2f4f7';
    const page = `<rect width="100%" height="100%" fill="${paper}"/>${paths.join('')}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${page}</svg>`;
    const file = path.join(folder, `page-${String(number).padStart(3, '0')}.png`);
    await sharp(Buffer.from(svg)).removeAlpha().png().toFile(file);
    pages.push({ file, text: lines.join('\n') });
  }
  return pages;
}

/** Lines of different lengths, as in paragraphs; no two pages have the same ones. */
function linesOf(number, size) {
  const lines = [];
  const most = Math.floor((height - 2 * margin) / Math.round(size * 1.7));
  const room = width - 2 * margin;
  for (let i = 0; i < most; i++) {
    const share = 0.3 + 0.65 * (((number * 37 + i * 53) % 101) / 100) ** 0.5;
    const isChinese = number % 3 === 1 || (number % 3 === 2 && i % 2 === 1);
    lines.push(
      isChinese
        ? chineseLine(number * 61 + i * 17, (share * room) / size)
        : englishLine(number * 29 + i * 7, (share * room) / (size * 0.6)),
    );
  }
  return lines;
}

function chineseLine(start, length) {
  return Array.from({ length: Math.floor(length) }, (_, i) => chinese[(start + i) % chinese.length]).join('');
}

function englishLine(start, length) {
  let line = english[start % english.length];
  for (let i = start + 1; line.length + english[i % english.length].length + 1 <= length; i++) {
    line += ` ${english[i % english.length]}`;
  }
  return line;
}
