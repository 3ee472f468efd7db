interface Edit {
  start: number;
  end: number;
  text: string;
  /** The source position that the new text maps to. */
  origin: number;
}

/** A text after its edits, with a mapping back to the original positions. */
export interface EditedText {
  text: string;
  /** Maps an offset in the edited text to the original text. */
  original(offset: number): number;
}

/** Collects non-overlapping changes of a text; several at the same offset keep the order of the calls. */
export class Edits {
  private readonly edits: Edit[] = [];

  constructor(private readonly source: string) {}

  replace(start: number, end: number, text: string, origin: number = start): void {
    this.edits.push({ start, end, text, origin });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  apply(): EditedText {
    const sorted = [...this.edits].sort((a, b) => a.start - b.start || a.end - b.end);
    const parts: string[] = [];
    const pieces: Piece[] = [];
    let at = 0;
    let length = 0;
    const take = (text: string, before: number, isNew: boolean): void => {
      parts.push(text);
      pieces.push({ after: length, before, isNew });
      length += text.length;
    };
    for (const { start, end, text, origin } of sorted) {
      take(this.source.slice(at, start), at, false);
      take(text, origin, true);
      at = end;
    }
    take(this.source.slice(at), at, false);
    return { text: parts.join(''), original: (offset) => find(pieces, offset) };
  }
}

/** A part of the edited text, and its position in the original text. */
interface Piece {
  after: number;
  before: number;
  isNew: boolean;
}

function find(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  for (let high = pieces.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.after ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const { after, before, isNew } = pieces[low] ?? { after: 0, before: 0, isNew: false };
  return isNew ? before : before + offset - after;
}
