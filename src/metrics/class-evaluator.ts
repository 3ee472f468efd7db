/** Figures of a classifier, 0 to 1. */
export interface ClassificationFigures {
  /** Part of the images whose first class is the true one. */
  readonly top1: number;
  /** Part of the images whose true class is among the first five. */
  readonly top5: number;
  readonly images: number;
  readonly classes: readonly { readonly classId: number; readonly accuracy: number; readonly images: number }[];
}

/** Counts images whose true class is found. */
export class ClassEvaluator {
  private readonly tallies = new Map<number, { images: number; first: number; amongFive: number }>();

  /** @param ranked class numbers, best score first */
  add(ranked: readonly number[], truth: number): void {
    const tally = this.tallies.get(truth) ?? { images: 0, first: 0, amongFive: 0 };
    this.tallies.set(truth, tally);
    tally.images++;
    if (ranked[0] === truth) tally.first++;
    if (ranked.slice(0, 5).includes(truth)) tally.amongFive++;
  }

  get figures(): ClassificationFigures {
    const tallies = [...this.tallies].sort(([a], [b]) => a - b);
    const sum = (pick: (tally: { images: number; first: number; amongFive: number }) => number): number =>
      tallies.reduce((total, [, tally]) => total + pick(tally), 0);
    const images = sum((tally) => tally.images);
    return {
      top1: images === 0 ? 0 : sum(({ first }) => first) / images,
      top5: images === 0 ? 0 : sum(({ amongFive }) => amongFive) / images,
      images,
      classes: tallies.map(([classId, tally]) => ({
        classId,
        accuracy: tally.first / tally.images,
        images: tally.images,
      })),
    };
  }
}
