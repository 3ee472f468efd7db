import { createHash } from 'node:crypto';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { mkdirSync, readFileSync, writeFileSync } from '../../files/fs';

type Text = string | readonly string[];

interface Output {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  readonly text?: Text;
  readonly data?: Readonly<Record<string, Text>>;
  readonly traceback?: readonly string[];
}

interface Cell {
  readonly cell_type: 'markdown' | 'code' | 'raw';
  readonly source: Text;
  readonly outputs?: readonly Output[];
}

const join = (text: Text): string => (typeof text === 'string' ? text : text.join(''));

/** Where the pictures of a lesson go: the folder, and its path from the lesson's page. */
interface Pictures {
  readonly folder: string;
  readonly path: string;
}

/**
 * A saved notebook as a page: text, code, and the outputs without scripts.
 *
 * @param rewrite makes links of the text fit the site
 */
export function lessonPage(file: string, pictures: Pictures, rewrite: (text: string) => string): string {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cells: readonly Cell[] };
  const parts = cells.map((cell) => {
    if (cell.cell_type !== 'code') return rewrite(join(cell.source));
    const outputs = (cell.outputs ?? []).map((output) => outputPart(output, pictures));
    return [fenced(join(cell.source), 'ts'), ...outputs].filter((part) => part !== '').join('\n\n');
  });
  const name = path.basename(file);
  const note = `This page is the notebook \`${name}\` as it was saved. In Jupyter its charts can be zoomed and filtered.`;
  return `${parts.join('\n\n')}\n\n---\n\n${note}\n`;
}

function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([mark]) => mark.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${code.trimEnd()}\n${mark}`;
}

function outputPart({ text, data, traceback }: Output, pictures: Pictures): string {
  if (traceback !== undefined) return plain(traceback.join('\n'));
  if (text !== undefined) return plain(join(text));
  if (data === undefined) return '';
  const html = join(data['text/html'] ?? '');
  const png = data['image/png'];
  // Controls do nothing without their scripts: the picture shows the same.
  const usable = html !== '' && !(html.includes('<input') && png !== undefined);
  if (usable) return htmlPart(html, pictures);
  if (png !== undefined) return htmlPart(`<img alt="${alt(data)}" src="data:image/png;base64,${join(png)}">`, pictures);
  return plain(join(data['text/plain'] ?? ''));
}

/** The first line of the textual form, such as `Picture 320×240 (6 detections)`. */
function alt(data: Readonly<Record<string, Text>>): string {
  const [line = ''] = join(data['text/plain'] ?? 'picture').split('\n');
  return line.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function plain(text: string): string {
  return text.trim() === ''
    ? ''
    : `<div class="output">\n\n${fenced(stripVTControlCharacters(text), 'text')}\n\n</div>`;
}

/** Without scripts, in one line (a blank line would end an HTML block of markdown), with pictures as files. */
function htmlPart(html: string, pictures: Pictures): string {
  const still = html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/data:image\/png;base64,([A-Za-z0-9+/=]+)/g, (_, data: string) => savePicture(data, pictures))
    .replace(/\s*\n\s*/g, ' ');
  return `<div class="output" v-pre>${still}</div>`;
}

function savePicture(base64: string, { folder, path: from }: Pictures): string {
  const bytes = Buffer.from(base64, 'base64');
  const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.png`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), bytes);
  return `${from}/${name}`;
}
