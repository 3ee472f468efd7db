import { escapeHtml } from '../display/display';
import { boxAround } from '../drawing/geometry';
import type { TextLine, TextResult } from '../results';
import { lineFrame } from './line-frame';

/** The part of a line's height above its baseline. */
const ascent = 0.78;

/**
 * A picture of a page with its text over it, as HTML without scripts: invisible text that can be selected, copied and
 * searched for where it stands, and a tooltip with text and score for each line. Sizes are relative, so that it fits any
 * width.
 *
 * Each line is a box in HTML with an SVG in it, which stretches the text to its place. JupyterLab removes the SVG's tags
 * from notebooks that it does not trust; what remains is the text in the box.
 *
 * @param picture address of the picture, of any size
 */
export function textLayer(result: TextResult, picture: string): string {
  const { width, height } = result.image;
  return [
    `<div class="paddlelab-page" style="position:relative;max-width:${shownWidth(width)}px;line-height:1">`,
    `<style>${look}</style>`,
    `<img style="display:block;width:100%;max-width:100%;margin:0" width="${width}" height="${height}" alt="the page" draggable="false" src="${picture}"/>`,
    ...result.lines.map((line) => lineBox(line, width, height)),
    '</div>',
  ].join('\n');
}

/** Small pictures are enlarged, so that their lines can be hit. */
function shownWidth(width: number): number {
  return Math.max(width, Math.min(2 * width, 800));
}

const look = [
  '.paddlelab-page img{height:auto}',
  '.paddlelab-line polygon{fill:transparent;stroke:rgba(37,99,235,.55);stroke-width:1.5;vector-effect:non-scaling-stroke;pointer-events:all}',
  '.paddlelab-line text{fill:transparent;cursor:text;pointer-events:all;white-space:pre}',
  '.paddlelab-line text::selection{background:rgba(37,99,235,.35)}',
  '.paddlelab-line:hover polygon{fill:rgba(37,99,235,.18);stroke:rgb(37,99,235);stroke-width:2.5}',
].join('');

function lineBox(line: TextLine, width: number, height: number): string {
  const [x1, y1, x2, y2] = boxAround(line.polygon);
  const [w, h] = [Math.max(x2 - x1, 1), Math.max(y2 - y1, 1)];
  const place = [
    `left:${part(x1, width)}`,
    `top:${part(y1, height)}`,
    `width:${part(w, width)}`,
    `height:${part(h, height)}`,
  ];
  // Boxes of slanted lines overlap: only their polygons are hit by the mouse.
  const style = `position:absolute;${place.join(';')};color:transparent;white-space:pre;overflow:hidden;pointer-events:none`;
  const title = escapeHtml(`${line.text}  (${line.score.toFixed(3)})`);
  const points = line.polygon.map((point) => point.map(short).join(',')).join(' ');
  const svg = `<svg viewBox="${[x1, y1, w, h].map(short).join(' ')}" style="display:block;width:100%;height:100%;overflow:visible">`;
  const shape = `<polygon points="${points}"/>`;
  return `<div class="paddlelab-line" title="${title}" style="${style}">${svg}${shape}${textElement(line)}</svg></div>`;
}

/** The text from its first character to its last, stretched to the length that it has in the picture. */
function textElement(line: TextLine): string {
  const { start, angle, length, height } = lineFrame(line);
  const turn = `translate(${start.map(short).join(' ')}) rotate(${short((angle * 180) / Math.PI)})`;
  const size = short(height * 0.8);
  const fit = length > 0 ? ` textLength="${short(length)}" lengthAdjust="spacingAndGlyphs"` : '';
  return `<text transform="${turn}" y="${short(ascent * height)}" font-size="${size}" font-family="sans-serif"${fit}>${escapeHtml(line.text)}</text>`;
}

function part(value: number, of: number): string {
  return `${short((100 * value) / of)}%`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
