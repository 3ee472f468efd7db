import type { Picture } from '../drawing/picture';
import { truthAsResult } from '../ground-truth/truth-as-result';
import { decodeImage } from '../image/image';
import { visualizeBesideTruth } from '../visualize/views/beside-truth';
import { gallery } from '../visualize/views/gallery';
import type { ViewImage } from '../visualize/views/mosaic';
import type { ScoredImage } from './worst-images';

/** Whether the ground truth fits into a title. */
function standsAlone({ kind }: ScoredImage['truth']): boolean {
  return kind === 'classes' || kind === 'text';
}

/** Pairs per row, so that objects are still visible on a page. */
const columns = 2;

/** The images in rows, each prediction beside the truth; images of a classifier with the names of the classes. */
export async function worstGallery(
  images: readonly ScoredImage[],
  labels: readonly string[],
  { threshold, width }: { readonly threshold: number; readonly width: number },
): Promise<Picture> {
  const pictures: ViewImage[] = [];
  for (const { file, result, truth } of images) {
    if (standsAlone(truth)) {
      pictures.push(file);
      continue;
    }
    const { width: imageWidth, height } = result.image;
    const real = truthAsResult(truth, {
      size: { width: imageWidth, height },
      labels,
      task: result.kind === 'table' || result.kind === 'chain' ? undefined : result.kind,
    });
    pictures.push(await visualizeBesideTruth(await decodeImage(file), result, real, { threshold }));
  }
  const [first] = images;
  const titles = images.map((image) => titleOf(image, labels, threshold));
  return gallery(pictures, {
    titles,
    width: first !== undefined && standsAlone(first.truth) ? width : 2 * width,
    columns,
  });
}

function titleOf({ name, score, result, truth }: ScoredImage, labels: readonly string[], threshold: number): string {
  if (truth.kind === 'text') return `${name}: ${truth.text}, found ${result.text || 'nothing'}`;
  if (truth.kind !== 'classes') return `${name}: ${(100 * score).toFixed(0)} %`;
  const { classIds } = truth;
  const real = classIds.map((classId) => labels[classId] ?? String(classId)).join(', ');
  const ranked = [...(result.classes ?? [])].sort((a, b) => b.score - a.score);
  const shown = classIds.length === 1 ? ranked.slice(0, 1) : ranked.filter((one) => one.score >= threshold);
  const found = shown.map((one) => `${one.label} ${one.score.toFixed(2)}`).join(', ');
  return `${name}: ${real === '' ? 'nothing' : real}, found ${found === '' ? 'nothing' : found}`;
}
