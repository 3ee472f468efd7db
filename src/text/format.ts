import { displayWidth } from './width';

/** `679 MB`, in decimal units, as usual for disks and downloads. */
export function formatSize(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}

/**
 * Breaks text at spaces so that it fits `width` columns; lines after the first are indented. Long words are not split.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const [first = '', ...words] = paragraph.split(' ');
    let line = lines.length === 0 ? first : indent + first;
    for (const word of words) {
      // Leading spaces are the text's own indent, not a place to break.
      if (line.trim() !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
        lines.push(line);
        line = indent + word;
      } else {
        line += ` ${word}`;
      }
    }
    lines.push(line);
  }
  return lines.join('\n');
}
