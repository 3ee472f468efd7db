import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readdir, readFile, statIfThere } from '../files/fs';
import { isImageFile } from '../image/resolve-images';
import { readYaml, type YamlNode } from '../yaml/yaml-file';
import { namesOfYaml } from './class-names';
import type { DatasetImage } from './dataset';
import type { DatasetPlace, DatasetReader } from './format';
import { type LabelShape, parseLabels } from './yolo-labels';

/**
 * YOLO: a text file in `labels/` for each image in `images/`, and a YAML file with `names`. An image without a label
 * file has no objects.
 */
export const yolo: DatasetReader = {
  format: 'yolo',
  recognises: (place) => {
    if (!place.folder) return /\.ya?ml$/i.test(place.path) && /^\s*names\s*:/m.test(place.head);
    return place.names.includes('images') && place.names.includes('labels');
  },
  async read(place, { images, classes, split }) {
    const yaml = yamlOf(place);
    const node = yaml === undefined ? undefined : await readYaml(yaml);
    const names = classes ?? (yaml === undefined ? [] : await namesOfYaml(yaml));
    const folder = images ?? (await imageFolder(place, node, split));
    const files = (await readdir(folder, { recursive: true })).filter(isImageFile).sort();
    const shape = { joints: jointsOf(node), classes: names.length };
    return {
      classes: names,
      images: files.map((name, i): DatasetImage => {
        const file = path.join(folder, name);
        return { file, name, imageId: i + 1, truth: (size) => readTruth(labelFile(file), size, shape) };
      }),
      problems: [],
    };
  },
};

function yamlOf({ path: place, folder, names }: DatasetPlace): string | undefined {
  if (!folder) return place;
  const name = names.find((candidate) => /\.ya?ml$/i.test(candidate));
  return name === undefined ? undefined : path.join(place, name);
}

function jointsOf(node: YamlNode | undefined): LabelShape['joints'] {
  const shape = node?.get('kpt_shape')?.value;
  return Array.isArray(shape) && shape.length === 2 ? [Number(shape[0]), Number(shape[1])] : undefined;
}

async function imageFolder(
  { path: place, folder }: DatasetPlace,
  node: YamlNode | undefined,
  split = 'val',
): Promise<string> {
  const beside = folder ? place : path.dirname(place);
  const named = node?.get(split)?.value;
  const root = path.resolve(beside, String(node?.get('path')?.value ?? '.'));
  const candidates = [
    ...(typeof named === 'string' ? [path.resolve(root, named), path.resolve(beside, named)] : []),
    ...[path.join(beside, 'images', split), path.join(beside, 'images')],
  ];
  for (const candidate of candidates) if ((await statIfThere(candidate))?.isDirectory()) return candidate;
  throw new PaddleLabError(
    'DATASET_INVALID',
    `Expected the images of split "${split}" of ${place} in ${candidates.join(', ')}; name their folder with images`,
  );
}

/** The last folder `images` in the path becomes `labels`. */
function labelFile(image: string): string {
  const parts = image.split(path.sep);
  const at = parts.lastIndexOf('images');
  if (at >= 0) parts[at] = 'labels';
  const file = parts.join(path.sep);
  return `${file.slice(0, -path.extname(file).length)}.txt`;
}

async function readTruth(
  file: string,
  size: { readonly width: number; readonly height: number },
  shape: LabelShape,
): ReturnType<DatasetImage['truth']> {
  const text = (await statIfThere(file)) === undefined ? '' : await readFile(file, 'utf8');
  const { objects, problems } = parseLabels(file, text, size, shape);
  return { truth: { kind: 'objects', objects }, problems };
}
