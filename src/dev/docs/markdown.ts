import { slug } from './slug';

/** Applies a function to the text outside of fenced code, line by line, and leaves the code as it is. */
export function mapProse(text: string, change: (line: string) => string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const mark = line.match(/^\s*(`{3,}|~{3,})/)?.[1];
      if (mark !== undefined && (fence === undefined || line.trim() === fence)) {
        fence = fence === undefined ? mark : undefined;
        return line;
      }
      return fence === undefined ? change(line) : line;
    })
    .join('\n');
}

/** The anchors of all headings; a repeated heading gets a number, as on GitHub. */
export function anchors(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  mapProse(text, (line) => {
    const heading = line.match(/^#{1,6}\s+(.*)$/)?.[1];
    if (heading === undefined) return line;
    const base = slug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', ''));
    let anchor = base;
    for (let count = 1; found.has(anchor); count += 1) anchor = `${base}-${count}`;
    found.add(anchor);
    return line;
  });
  return found;
}

/** The text of the first heading. */
export function title(text: string): string | undefined {
  return text.match(/^# (.*)$/m)?.[1]?.replaceAll('`', '');
}

/** Replaces the target of every link and picture in a line; code between backticks is left as it is. */
export function mapLinks(line: string, change: (target: string) => string): string {
  return line
    .split(/(`+[^`]*`+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/\]\(([^()\s]+)\)/g, (_, target: string) => `](${change(target)})`)
            .replace(
              /(<img[^>]*\ssrc=")([^"]+)"/g,
              (_, before: string, target: string) => `${before}${change(target)}"`,
            ),
    )
    .join('');
}
