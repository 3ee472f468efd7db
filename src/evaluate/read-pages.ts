import path from 'node:path';
import type { Dataset } from '../datasets/dataset';
import { TextPageEvaluator } from '../metrics/tasks/text-pages';
import { PdfRenderer, usualDpi } from '../ocr/pdf-renderer';
import { readPage } from '../ocr/read-page';
import type { TextReader } from '../ocr/text-reader';
import { mapOrdered } from '../predict/map-ordered';
import { runsUnderWay } from '../predict/predict-stream';
import { modelTitle } from '../spec/model-title';
import { throwIfAborted } from '../validate';
import { type ImageOutcome, leftOut, type PredictImages, withTruth } from './evaluate-model';
import { checkTruthKind, type EvaluationPlan } from './evaluation-plan';

/** As in `readText`. */
const threshold = 0.5;

/** How pages of text are compared with a data set. */
export async function planReading(reader: TextReader, dataset: Dataset): Promise<EvaluationPlan> {
  const evaluator = new TextPageEvaluator();
  await checkTruthKind(dataset, evaluator);
  return { evaluator, numbers: undefined, labels: [], spec: reader.detection.spec, threshold };
}

/** Reads pages in their order; lines are found in the next page while one is read. */
export function readingPages(reader: TextReader): PredictImages {
  return (images, plan, { batchSize, journal, signal }) => {
    // Data sets have images only.
    const pdf = new PdfRenderer(usualDpi, signal);
    return mapOrdered(images, runsUnderWay(1), async (image): Promise<ImageOutcome> => {
      throwIfAborted(signal);
      try {
        const { result } = await readPage(image.file, { reader, threshold, batchSize, tiles: 'auto', pdf, signal });
        await journal.add({ file: image.file, name: image.name, result: { ...result }, written: [] });
        return await withTruth(image, result, plan);
      } catch (error) {
        throwIfAborted(signal);
        return { kind: 'left-out', problems: [leftOut(image, error)] };
      }
    });
  };
}

/** `PP-OCRv4_mobile_det + PP-OCRv4_mobile_rec`. */
export function readerName(reader: TextReader): string {
  return networksOf(reader)
    .map(({ spec }) => modelTitle(spec))
    .join(' + ');
}

/** The folders of the networks, to resume with the same ones. */
export function readerFolders(reader: TextReader): string {
  return networksOf(reader)
    .map(({ spec }) => path.resolve(spec.files.directory))
    .join(' + ');
}

function networksOf({ detection, recognition, orientation }: TextReader): Pick<TextReader['detection'], 'spec'>[] {
  return [detection, recognition, ...(orientation === undefined ? [] : [orientation])];
}
