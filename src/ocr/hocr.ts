import { escapeHtml } from '../display/display';
import { boxAround } from '../drawing/geometry';
import { packageVersion } from '../package-root';
import type { TextLine, TextResult } from '../results';
import { lineFrame } from './line-frame';
import { readingOrder } from './reading-order';

/**
 * Results as hOCR 1.2, one page for each: paragraphs, lines and words with their boxes and confidences, as programs read
 * them that put text behind scans.
 *
 * @param names the file of each page, for its title
 *
 * @example
 * import { readText, toHocr } from 'paddlelab';
 * toHocr(await readText('page.png'), ['page.png']);
 */
export function toHocr(results: TextResult | readonly TextResult[], names: readonly string[] = []): string {
  const pages = [results].flat().map((result, i) => hocrPage(result, i + 1, names[i]));
  return [
    '<!DOCTYPE html>',
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    '<head>',
    '<meta charset="utf-8"/>',
    '<title></title>',
    `<meta name="ocr-system" content="paddlelab ${packageVersion()}"/>`,
    '<meta name="ocr-capabilities" content="ocr_page ocr_par ocr_line ocrx_word"/>',
    `<meta name="ocr-number-of-pages" content="${pages.length}"/>`,
    '</head>',
    '<body>',
    ...pages,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function hocrPage({ lines, image }: TextResult, page: number, name: string | undefined): string {
  const file = name === undefined ? '' : `image &quot;${escapeHtml(name)}&quot;; `;
  const paragraphs = readingOrder(lines).map((rows, i) => {
    const own = rows.flat();
    const around = box(
      own.flatMap((index) => lines[index]?.polygon ?? []),
      image,
    );
    const inside = own.map((index) => hocrLine(lines[index] as TextLine, `${page}_${index + 1}`, image));
    return [`<p class="ocr_par" id="par_${page}_${i + 1}" title="bbox ${around}">`, ...inside, '</p>'].join('\n');
  });
  const title = `${file}bbox 0 0 ${image.width} ${image.height}; ppageno ${page - 1}`;
  return [`<div class="ocr_page" id="page_${page}" title="${title}">`, ...paragraphs, '</div>'].join('\n');
}

function hocrLine(line: TextLine, id: string, image: Size): string {
  const words = wordsOf(line).map(({ text, score, polygon }, i) => {
    const title = `bbox ${box(polygon, image)}; x_wconf ${Math.round(100 * score)}`;
    return `<span class="ocrx_word" id="word_${id}_${i + 1}" title="${title}">${escapeHtml(text)}</span>`;
  });
  const title = `bbox ${box(line.polygon, image)}; ${direction(line)}`;
  // Without places of characters there are none of words.
  const content = line.characters.length === 0 ? escapeHtml(line.text) : words.join(' ');
  return `<span class="ocr_line" id="line_${id}" title="${title}">${content}</span>`;
}

/**
 * Slanted lines have a baseline in pixels from the lower left corner of their box, here the lower edge of the line;
 * steeper ones the angle of their text, counter-clockwise in degrees.
 */
function direction(line: TextLine): string {
  const { start, angle, height } = lineFrame(line);
  if (Math.abs(angle) >= Math.PI / 4) {
    return `textangle ${(((-angle * 180) / Math.PI + 360) % 360).toFixed(2)}`;
  }
  const [left, , , bottom] = boxAround(line.polygon);
  const slope = Math.tan(angle);
  const [x, y] = [start[0] - Math.sin(angle) * height, start[1] + Math.cos(angle) * height];
  const lower = Math.round(y + slope * (Math.floor(left) - x) - Math.ceil(bottom));
  return `baseline ${Number(slope.toFixed(3))} ${lower === 0 ? 0 : lower}`;
}

type Size = TextResult['image'];

/** In whole pixels inside the page. */
function box(polygon: TextLine['polygon'], { width, height }: Size): string {
  const [left, top, right, bottom] = boxAround(polygon);
  const sides = [Math.floor(left), Math.floor(top), Math.ceil(right), Math.ceil(bottom)];
  return sides.map((side, i) => Math.min(Math.max(0, side), i % 2 === 0 ? width : height)).join(' ');
}

interface Word {
  readonly text: string;
  /** Mean of the characters' scores. */
  readonly score: number;
  readonly polygon: TextLine['polygon'];
}

/** The characters between spaces, with the corners from the first to the last of them. */
function wordsOf({ characters }: TextLine): Word[] {
  const words: Word[] = [];
  let current: TextLine['characters'][number][] = [];
  const end = (): void => {
    const [first, last] = [current[0], current.at(-1)];
    if (first === undefined || last === undefined) return;
    const score = current.reduce((sum, character) => sum + character.score, 0) / current.length;
    const text = current.map((character) => character.text).join('');
    const [topLeft, , , bottomLeft] = first.polygon;
    const [, topRight, bottomRight] = last.polygon;
    words.push({
      text,
      score,
      polygon: [topLeft, topRight, bottomRight, bottomLeft].filter((point) => point !== undefined),
    });
    current = [];
  };
  for (const character of characters) {
    if (/^\s*$/u.test(character.text)) end();
    else current.push(character);
  }
  end();
  return words;
}
