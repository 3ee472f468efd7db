import { readFile } from '../files/fs';

/** A line of a text file that is not empty. */
export interface TextLine {
  readonly text: string;
  /** `line 3`, counted from 1. */
  readonly place: string;
}

/** The lines of a text file, without blanks around them, and without empty ones. */
export async function readLines(file: string): Promise<TextLine[]> {
  return linesOf(await readFile(file, 'utf8'));
}

export function linesOf(content: string): TextLine[] {
  return content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), place: `line ${index + 1}` }))
    .filter(({ text }) => text !== '');
}

/** The fields of a line: at the separator, else at tabs if the line has one, else at blanks. */
export function fieldsOf(line: string, separator: string | undefined): string[] {
  const fields = line.split(separator ?? (line.includes('\t') ? '\t' : /\s+/));
  return fields.map((field) => field.trim());
}
