interface Edit {
  start: number;
  end: number;
  text: string;
  /** Where the new text is said to come from. */
  origin: number;
}

/** A text after its edits, and the way back to places of the text before. */
export interface EditedText {
  text: string;
  /** The offset in the text before that an offset in the text after comes from. */
  original(offset: number): number;
}

/** Collects changes of a text that do not overlap; of several at one place, the earlier call comes first. */
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

/** A part of the text after, and where it comes from in the text before. */
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
