import path from 'node:path';
import { readdir, statIfThere } from '../files/fs';
import { isImageFile } from '../image/resolve-images';
import type { DatasetImage } from './dataset';
import { datasetInvalid } from './dataset-invalid';
import type { DatasetPlace, DatasetReader } from './format';

/** One folder of images per class, as in ImageNet; classes are numbered in the order of their names. */
export const classFolders: DatasetReader = {
  format: 'class-folders',
  recognises: async (place) => place.folder && (await classNames(place)).length > 0,
  async read(place, { classes }) {
    const names = await classNames(place);
    const known = classes ?? names;
    const images: DatasetImage[] = [];
    for (const name of names) {
      const classId = known.indexOf(name);
      if (classId < 0) throw datasetInvalid(place.path, undefined, `folders named ${known.join(', ')}`, name);
      const truth = { kind: 'classes', classIds: [classId] } as const;
      for (const image of (await readdir(path.join(place.path, name))).filter(isImageFile).sort()) {
        images.push({
          ...{ file: path.join(place.path, name, image), name: `${name}/${image}`, imageId: images.length + 1 },
          truth: () => Promise.resolve({ truth, problems: [] }),
        });
      }
    }
    return { classes: known, images, problems: [] };
  },
};

/** The subfolders that have images. */
async function classNames({ path: folder, names }: DatasetPlace): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    if (name.startsWith('.') || !(await statIfThere(path.join(folder, name)))?.isDirectory()) continue;
    if ((await readdir(path.join(folder, name))).some(isImageFile)) found.push(name);
  }
  return found;
}
