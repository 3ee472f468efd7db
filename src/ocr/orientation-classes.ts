import { PaddleLabError } from '../errors';
import type { QuarterTurns } from '../image/turn';
import type { Model } from '../model/model';

type Classifier = Model<'classification'>;

/**
 * The class of lines that are upside down.
 *
 * @throws PaddleLabError MODEL_UNSUPPORTED for a classifier of something else
 */
export function upsideDownClass(model: Classifier): number {
  const index = model.spec.labels.findIndex((label) => /^180/.test(label));
  if (index < 0) throw refuse(model, 'orientation', '0 and 180 degrees');
  return index;
}

const quarterTurns: readonly QuarterTurns[] = [0, 90, 180, 270];

/** The angle of each class of a classifier of pages; undefined for labels that are none. */
export function anglesOf({ spec }: Classifier): (QuarterTurns | undefined)[] {
  return spec.labels.map((label) => quarterTurns.find((angle) => angle === Number.parseInt(label, 10)));
}

/** @throws PaddleLabError MODEL_UNSUPPORTED for a classifier of something else than pages */
export function checkAngles(model: Classifier): void {
  const angles = anglesOf(model);
  if (quarterTurns.every((angle) => angles.includes(angle))) return;
  throw refuse(model, 'pageOrientation', '0, 90, 180 and 270 degrees');
}

function refuse({ spec: { labels, files } }: Classifier, option: string, classes: string): PaddleLabError {
  const known = labels.length === 0 ? 'no labels' : labels.slice(0, 4).join(', ');
  return new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `Expected a classifier with the classes ${classes} as ${option} but ${files.directory} has ${known}`,
  );
}
