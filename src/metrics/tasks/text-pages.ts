import { type ImageTruth, outlineOf } from '../../datasets/truth';
import type { TextResult } from '../../results';
import { invalidArgument } from '../../validate';
import { editDistance } from '../edit-distance';
import { isSimple, sharedArea } from '../polygon-overlap';
import { quadArea } from '../quad-overlap';
import type { EvaluationFigures, TaskEvaluator } from '../task-evaluator';

/** Lines are the same if they overlap (IoU) by at least this. */
const leastOverlap = 0.5;

/** What counts in an image. */
interface Counts {
  /** Lines that were found with the true text. */
  readonly same: number;
  readonly sameWithSpaces: number;
  readonly found: number;
  readonly truths: number;
  /** Characters to insert, delete or replace. */
  readonly edits: number;
  /** Characters of the true lines. */
  readonly characters: number;
  /** Sum of the similarities of each line that is true or found, 1 for equal texts. */
  readonly similarity: number;
  readonly lines: number;
}

const none: Counts = {
  ...{ same: 0, sameWithSpaces: 0, found: 0, truths: 0 },
  ...{ edits: 0, characters: 0, similarity: 0, lines: 0 },
};

/**
 * Evaluates reading from pixels to text like PaddleOCR's `tools/end2end/eval_end2end.py` with `ignore_blank`: lines are
 * matched by their overlap, the largest first; a line counts as right if its text is the true one, without spaces and
 * with full-width letters as plain ones. Lines that are missing or too many are errors in all their characters.
 */
export class TextPageEvaluator implements TaskEvaluator<TextResult> {
  readonly truth = 'objects';
  private readonly images: Counts[] = [];

  /** @returns the similarity of the lines of this image */
  add(result: TextResult, truth: ImageTruth): number {
    if (truth.kind !== 'objects') throw invalidArgument('truth.kind', '"objects"', truth.kind);
    const truths = truth.objects.map((object) => ({
      ...{ polygon: outlineOf(object), ignored: object.ignored, text: object.text ?? '' },
    }));
    const found = result.lines.map(({ polygon, text }) => ({ polygon: polygon.flat(), text, ignored: false }));
    const counts = compare(truths, found);
    this.images.push(counts);
    return counts.lines === 0 ? 1 : counts.similarity / counts.lines;
  }

  async figures(): Promise<EvaluationFigures> {
    const total = this.total();
    const { precision, recall, hmean } = shares(total.same, total);
    const { characters, edits, similarity, lines } = total;
    return {
      figures: [
        { name: 'hmean', meaning: 'harmonic mean of precision and recall, spaces do not count', value: hmean },
        {
          name: 'precision',
          meaning: 'share of the lines found that stand at a true one and have its text',
          value: precision,
        },
        { name: 'recall', meaning: 'share of the true lines that were found with their text', value: recall },
        {
          name: 'character accuracy',
          meaning: '1 less the character error rate: wrong characters by those of the true lines',
          value: characters === 0 ? undefined : 1 - edits / characters,
        },
        {
          name: 'similarity',
          meaning: '1 less the edit distance by the length of the longer text, mean over lines',
          value: lines === 0 ? undefined : similarity / lines,
        },
        {
          name: 'hmean with spaces',
          meaning: 'the first figure where the spaces must be right, too',
          value: shares(total.sameWithSpaces, total).hmean,
        },
      ],
      classColumns: [],
      classes: [],
    };
  }

  mainFigure(weights: ArrayLike<number>): number | undefined {
    const total = this.total(weights);
    return shares(total.same, total).hmean;
  }

  private total(weights?: ArrayLike<number>): Counts {
    const sums = { ...none } as Record<keyof Counts, number>;
    for (const [i, image] of this.images.entries()) {
      for (const key of Object.keys(none) as (keyof Counts)[]) sums[key] += (weights?.[i] ?? 1) * image[key];
    }
    return sums;
  }
}

function shares(same: number, { found, truths }: Counts): { precision: number; recall: number; hmean: number } {
  const [precision, recall] = [found === 0 ? 0 : same / found, truths === 0 ? 0 : same / truths];
  return { precision, recall, hmean: same === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

interface Line {
  readonly polygon: readonly number[];
  readonly text: string;
  readonly ignored: boolean;
}

function compare(truths: readonly Line[], found: readonly Line[]): Counts {
  const partners = matched(truths, found);
  const used = new Set(partners.values());
  const pairs = truths
    .map((truth): readonly [truth: Line | undefined, line: Line | undefined] => [truth, partners.get(truth)])
    .filter(([truth]) => truth?.ignored === false);
  const extra = found.filter((line) => !used.has(line)).map((line) => [undefined, line] as const);
  return [...pairs, ...extra].reduce((sum, [truth, line]) => add(sum, truth?.text, line?.text), none);
}

/** A pair of a true line and the one found there; one of them may be missing. */
function add(sum: Counts, truth: string | undefined, line: string | undefined): Counts {
  const [real, read] = [bare(truth ?? ''), bare(line ?? '')];
  const [length, longer] = [[...real].length, Math.max([...real].length, [...read].length)];
  const edits = editDistance(real, read);
  const both = truth !== undefined && line !== undefined;
  return {
    same: sum.same + Number(both && real === read),
    sameWithSpaces: sum.sameWithSpaces + Number(both && halfWidth(truth) === halfWidth(line)),
    found: sum.found + Number(line !== undefined),
    truths: sum.truths + Number(truth !== undefined),
    edits: sum.edits + edits,
    characters: sum.characters + length,
    similarity: sum.similarity + (longer > 0 ? 1 - edits / longer : Number(both)),
    lines: sum.lines + 1,
  };
}

function bare(text: string): string {
  return halfWidth(text).replaceAll(' ', '');
}

/** Full-width letters and spaces, as Chinese fonts have them, as plain ones. */
function halfWidth(text: string): string {
  return text
    .replaceAll('\u3000', ' ')
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));
}

/** The line at each true one; pairs with the largest overlap first. */
function matched(truths: readonly Line[], found: readonly Line[]): Map<Line, Line> {
  const pairs = truths.flatMap((truth) =>
    found.map((line) => ({ truth, line, overlap: overlap(truth.polygon, line.polygon) })),
  );
  const partners = new Map<Line, Line>();
  const used = new Set<Line>();
  for (const pair of pairs.filter((one) => one.overlap >= leastOverlap).sort((a, b) => b.overlap - a.overlap)) {
    if (partners.has(pair.truth) || used.has(pair.line)) continue;
    partners.set(pair.truth, pair.line);
    used.add(pair.line);
  }
  return partners;
}

/** 0 for polygons whose sides cross. */
function overlap(a: readonly number[], b: readonly number[]): number {
  if (!isSimple(a) || !isSimple(b)) return 0;
  const shared = sharedArea(a, b);
  return shared / (quadArea(a) + quadArea(b) - shared);
}
