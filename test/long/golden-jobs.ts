import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeImage } from '../../src/image/image';
import { type NpyArray, readNpz } from '../helpers/npz';
import { goldenImage, projectRoot } from '../helpers/project';

/** A model to be run on the inputs of a golden vector, as plain data for a script. */
export interface GoldenJob {
  readonly id: string;
  /** The model's folder. */
  readonly model: string;
  readonly image: { readonly width: number; readonly height: number; readonly base64: string };
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[]; readonly base64: string }>>;
}

/** Of the demo models that have golden vectors here: every image. */
export async function goldenJobs(models: string): Promise<{ job: GoldenJob; golden: ReadonlyMap<string, NpyArray> }[]> {
  const images = await readdir(goldenImage(''));
  const wanted = ['shapes_det_picodet', 'shapes_ins_maskrcnn'].flatMap((name) =>
    images.map((image) => ({ name, image })),
  );
  return Promise.all(
    wanted.map(async ({ name, image }) => {
      const { name: stem } = path.parse(image);
      const golden = await readNpz(path.join(projectRoot, 'test/golden/vectors', name, `${stem}.npz`));
      const { width, height, data } = await decodeImage(goldenImage(image));
      const inputs = [...golden].filter(([key]) => key.startsWith('in_'));
      const job = {
        id: `${name}-${stem}`,
        model: path.join(models, name),
        image: { width, height, base64: toBase64(data) },
        inputs: Object.fromEntries(
          inputs.map(([key, { shape, data: numbers }]) => [key.slice(3), { shape, base64: toBase64(numbers) }]),
        ),
      };
      return { job, golden };
    }),
  );
}

export const toBase64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
