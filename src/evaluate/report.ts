import path from 'node:path';
import type { DatasetProblem } from '../datasets/dataset';
import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import type { Picture } from '../drawing/picture';
import { PaddleLabError } from '../errors';
import { writeTextAtomically } from '../files/atomic-file';
import type {
  ClassColumn,
  ClassFigures,
  ConfusionCount,
  EvaluationFigures,
  Figure as Measured,
  PrecisionRecall,
} from '../metrics/task-evaluator';
import { fraction, integer, type OptionChecks, readOptions } from '../options';
import type { Figure } from '../plot/figure';
import { confusionFigure } from '../plot/figures/confusion-matrix';
import { precisionRecallFigure } from '../plot/figures/precision-recall';
import { checkOneOf, checkString } from '../validate';
import type { Interval } from './interval';
import type { EvaluationFacts, EvaluationJson, EvaluationReportData } from './report-data';
import { headlineHtml, reportMarkdown, reportText, tablesHtml } from './report-text';
import { worstGallery } from './worst-gallery';
import type { ScoredImage } from './worst-images';

export type { EvaluationFacts, EvaluationJson, WorstImage } from './report-data';

/** Options of `worstImages` of an evaluation report. */
export interface WorstImagesOptions {
  /** How many, an integer ≥ 1; by default all that the report has. */
  readonly count?: number;
  /** Only objects with a score above this are drawn, 0 to 1; default 0.5. */
  readonly threshold?: number;
  /** Width of each picture in pixels, an integer ≥ 16; default 320. */
  readonly width?: number;
}

const galleryChecks = {
  count: integer(1),
  threshold: fraction,
  width: integer(16),
} satisfies OptionChecks<WorstImagesOptions>;

/** The outcome of `evaluate`: figures, classes, charts and the worst images; a notebook shows all of them. */
export class EvaluationReport implements EvaluationReportData {
  /** The first one is the task's main figure: AP, mIoU, top-1. */
  readonly figures: readonly [Measured, ...Measured[]];
  readonly classColumns: readonly ClassColumn[];
  readonly classes: readonly ClassFigures[];
  readonly curves?: readonly PrecisionRecall[];
  readonly confusions?: readonly ConfusionCount[];

  /** @internal Use `evaluate`. */
  constructor(
    figures: EvaluationFigures,
    readonly facts: EvaluationFacts,
    /** The 95 % confidence interval of the main figure, by drawing the images again; undefined with fewer than two. */
    readonly interval: Interval | undefined,
    /** Images and objects that were left out, and those that look wrong. */
    readonly problems: readonly DatasetProblem[],
    /** The images with the worst results, the worst one first. */
    readonly worst: readonly ScoredImage[],
  ) {
    this.figures = figures.figures;
    this.classColumns = figures.classColumns;
    this.classes = figures.classes;
    if (figures.curves !== undefined) this.curves = figures.curves;
    if (figures.confusions !== undefined) this.confusions = figures.confusions;
  }

  /**
   * The value of a figure by its name, such as `AP50`, 0 to 1; undefined if the data set has nothing to measure it on.
   *
   * @throws PaddleLabError INVALID_ARGUMENT for an unknown name
   */
  figure(name: string): number | undefined {
    const names = this.figures.map((figure) => figure.name);
    return this.figures[names.indexOf(checkOneOf('name', name, names))]?.value;
  }

  /**
   * Precision by recall of each class, at an overlap of 0.5.
   *
   * @throws PaddleLabError METHOD_UNAVAILABLE for a task without scores
   */
  precisionRecall(): Figure {
    if (this.curves !== undefined) return precisionRecallFigure(this.curves, 0.5);
    throw this.unavailable('precision and recall');
  }

  /**
   * True classes by predicted ones: objects with a score above 0.5 and an overlap of at least 0.5, pixels, or images.
   *
   * @throws PaddleLabError METHOD_UNAVAILABLE for a task without classes
   */
  confusionMatrix(): Figure {
    if (this.confusions === undefined) throw this.unavailable('confusions');
    const { labels } = this.facts;
    return confusionFigure(
      this.confusions.map(({ truth, predicted, count }) => [truth, predicted, count]),
      (classId) => labels[classId],
    );
  }

  /**
   * The worst images, each prediction beside the truth; the images are read again.
   *
   * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION, FILE_NOT_FOUND, IMAGE_UNREADABLE
   */
  async worstImages(options: WorstImagesOptions = {}): Promise<Picture> {
    const {
      count = this.worst.length,
      threshold = 0.5,
      width = 320,
    } = readOptions('worstImages', options, galleryChecks);
    return worstGallery(this.worst.slice(0, count), this.facts.labels, { threshold, width });
  }

  /** Markdown tables of the figures and classes. */
  toMarkdown(): string {
    return reportMarkdown(this);
  }

  /** Everything but the worst images' results. */
  toJSON(): EvaluationJson {
    const { facts, figures, interval, classColumns, classes, curves, confusions, problems } = this;
    return {
      ...{ kind: 'evaluation-report', facts, figures, interval, classColumns, classes },
      ...(curves === undefined ? {} : { curves }),
      ...(confusions === undefined ? {} : { confusions }),
      problems,
      worst: this.worst.map(({ file, name, score }) => ({ file, name, score })),
    };
  }

  /**
   * Writes the report as `.json` or `.md`; the file is only created when complete. Missing folders are created.
   *
   * @returns the absolute path
   * @throws PaddleLabError INVALID_ARGUMENT, FILE_UNWRITABLE
   */
  async save(file: string): Promise<string> {
    const target = path.resolve(checkString('file', file));
    const ending = checkOneOf('file extension', path.extname(target), ['.json', '.md']);
    const text = ending === '.json' ? JSON.stringify(this, undefined, 2) : this.toMarkdown();
    await writeTextAtomically(target, `${text}\n`);
    return target;
  }

  [inspectCustom](): string {
    return reportText(this);
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    const charts = [
      ...(this.curves === undefined ? [] : [this.precisionRecall()]),
      ...(this.confusions === undefined ? [] : [this.confusionMatrix()]),
    ];
    const drawn: string[] = [];
    for (const chart of charts) drawn.push(String((await chart[jupyterDisplay]())['text/html']));
    // What is seen without scrolling: a line and a chart.
    const parts = [headlineHtml(this), ...drawn.slice(0, 1), tablesHtml(this), ...drawn.slice(1)];
    const worst = this.worst.length === 0 ? undefined : await this.worstImages({ count: 6 });
    // Lossy: a report should not make a notebook megabytes larger.
    if (worst !== undefined) parts.push(pictureHtml(await worst.toBuffer('webp')));
    return { 'text/plain': reportText(this), 'text/html': parts.join('\n') };
  }

  private unavailable(what: string): PaddleLabError {
    const text = `Expected a report with ${what} but task ${this.facts.task} has none`;
    return new PaddleLabError('METHOD_UNAVAILABLE', text);
  }
}

function pictureHtml(webp: Buffer): string {
  const source = `data:image/webp;base64,${webp.toString('base64')}`;
  return `<div>The worst images</div><img style="max-width:100%" alt="the worst images beside the truth" src="${source}">`;
}
