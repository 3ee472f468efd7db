import type { ImageTruth } from '../../datasets/truth';
import type { TextRecognitionResult } from '../../results';
import { invalidArgument } from '../../validate';
import { textSimilarity } from '../edit-distance';
import type { EvaluationFigures, TaskEvaluator } from '../task-evaluator';

/** How an image's text compares with the true one; each from 0 to 1. */
interface Compared {
  readonly same: number;
  readonly sameWithSpaces: number;
  readonly similarity: number;
}

/** Evaluates lines of text as PaddleOCR's `RecMetric`: spaces do not count for accuracy and edit distance. */
export class TextTaskEvaluator implements TaskEvaluator<TextRecognitionResult> {
  readonly truth = 'text';
  private readonly images: Compared[] = [];

  /** @returns how similar the text is to the true one */
  add({ text }: TextRecognitionResult, truth: ImageTruth): number {
    if (truth.kind !== 'text') throw invalidArgument('truth.kind', '"text"', truth.kind);
    const [found, real] = [text, truth.text].map((each) => each.replaceAll(' ', '')) as [string, string];
    const similarity = textSimilarity(found, real);
    this.images.push({
      same: Number(found === real),
      sameWithSpaces: Number(text === truth.text),
      similarity,
    });
    return similarity;
  }

  async figures(): Promise<EvaluationFigures> {
    return {
      figures: [
        {
          name: 'accuracy',
          meaning: 'part of the images whose text is the true one, without spaces',
          value: this.mainFigure(undefined),
        },
        {
          name: 'similarity',
          meaning: '1 less the edit distance by the length of the longer text, without spaces, mean over images',
          value: this.mean(({ similarity }) => similarity),
        },
        {
          name: 'accuracy with spaces',
          meaning: 'part of the images whose text is the true one, with its spaces',
          value: this.mean(({ sameWithSpaces }) => sameWithSpaces),
        },
      ],
      classColumns: [],
      classes: [],
    };
  }

  mainFigure(weights: ArrayLike<number> | undefined): number | undefined {
    return this.mean(({ same }) => same, weights);
  }

  private mean(partOf: (image: Compared) => number, weights?: ArrayLike<number>): number | undefined {
    let [sum, total] = [0, 0];
    for (const [i, image] of this.images.entries()) {
      const weight = weights === undefined ? 1 : (weights[i] ?? 0);
      sum += weight * partOf(image);
      total += weight;
    }
    return total === 0 ? undefined : sum / total;
  }
}
