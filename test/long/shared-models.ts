import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProcess, sharedPath } from '../helpers/project';
import type { LoadRequest } from './host';
import { pythonEnvironment } from './python-paddle';

/** A model of the shared material, ready to run. */
export interface ReadyModel {
  readonly name: string;
  readonly format: 'pdmodel' | 'json';
  readonly request: Pick<LoadRequest, 'program' | 'params' | 'inputs'>;
}

interface Check {
  readonly dir: string;
  /** Absent if the check itself failed. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

const demoImages: Readonly<Record<string, readonly number[]>> = {
  shapes_cls_mbv3s: [1, 3, 64, 64],
  shapes_det_picodet: [1, 3, 256, 256],
  shapes_ins_maskrcnn: [1, 3, 256, 320],
  shapes_seg_ppliteseg: [1, 3, 256, 256],
};

/** SOLOv2 with random weights finds objects everywhere, and its masks of a usual image take 20 GB. */
const smallImage = [1, 3, 128, 160];

/**
 * Every model of the shared material with its inputs. The architectures are stored without weights, which are generated
 * here; undefined, with a printed note, if the material is missing.
 */
export async function readyModels(folder: string, python: string): Promise<ReadyModel[] | undefined> {
  const shared = sharedPath('models');
  if (shared === undefined) return undefined;
  const ready: ReadyModel[] = [];
  const checks: Check[] = JSON.parse(await readFile(path.join(shared, 'arch', 'CHECK.json'), 'utf8'));
  const shapesOf = new Map(checks.flatMap(({ dir, inputs }) => (inputs ? [[path.basename(dir), inputs]] : [])));
  for (const [name, shapes] of shapesOf) {
    const home = path.join(folder, name);
    await cp(path.join(shared, 'arch', name), home, { recursive: true });
    const filled = await runProcess(python, [path.join(shared, 'fill_params.py'), home], pythonEnvironment());
    if (filled.code !== 0) throw new Error(`fill_params.py: ${filled.stderr}`);
    const stem = path.join(home, name === 'ResNet50' || name.startsWith('MobileNet') ? 'inference' : 'model');
    const sized = name.startsWith('solov2') ? { ...shapes, image: smallImage } : shapes;
    const inputs = await writeInputs(path.join(home, 'inputs'), sized);
    for (const format of ['pdmodel', 'json'] as const) {
      const request = { program: `${stem}.${format}`, params: `${stem}.pdiparams`, inputs };
      ready.push({ name: `${name}.${format}`, format, request });
    }
  }
  return [...ready, ...(await demos(shared, folder))];
}

async function demos(shared: string, folder: string): Promise<ReadyModel[]> {
  const ready: ReadyModel[] = [];
  for (const [name, image] of Object.entries(demoImages)) {
    const stem = name === 'shapes_cls_mbv3s' ? 'inference' : 'model';
    const shapes = { image, x: image, im_shape: [1, 2], scale_factor: [1, 2] };
    const inputs = await writeInputs(path.join(folder, name), shapes);
    for (const [layout, file] of [
      ['old', `${stem}.pdmodel`],
      ['pir', `${stem}.json`],
    ] as const) {
      const program = path.join(shared, 'demo', name, layout, file);
      const format = layout === 'pir' ? 'json' : 'pdmodel';
      const request = { program, params: path.join(path.dirname(program), `${stem}.pdiparams`), inputs };
      ready.push({ name: `${name}/${layout}`, format, request });
    }
    if (name !== 'shapes_det_picodet' && name !== 'shapes_ins_maskrcnn') continue;
    const home = path.join(shared, 'demo', name, 'v1');
    const first = await writeInputs(path.join(folder, `${name}-v1`), {
      ...shapes,
      ...(name === 'shapes_ins_maskrcnn' ? { im_info: [1, 3], im_shape: [1, 3] } : { im_size: [1, 2] }),
    });
    const request = { program: path.join(home, '__model__'), params: path.join(home, '__params__'), inputs: first };
    ready.push({ name: `${name}/v1`, format: 'pdmodel', request });
  }
  return ready;
}

/** Noise as images; the small inputs state that the image was not scaled. */
export async function writeInputs(
  folder: string,
  shapes: Readonly<Record<string, readonly number[]>>,
): Promise<NonNullable<LoadRequest['inputs']>> {
  await mkdir(folder, { recursive: true });
  const [, , height = 0, width = 0] = shapes.image ?? shapes.x ?? [];
  const inputs: Record<string, { shape: readonly number[]; file: string }> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const file = path.join(folder, `${name}.f32`);
    const size = shape.length === 2 && name !== 'scale_factor';
    const values = size ? [height, width, 1].slice(0, shape[1]) : shape.length === 2 ? [1, 1] : noise(shape);
    await writeFile(file, Buffer.from(Float32Array.from(values).buffer));
    inputs[name] = { shape, file };
  }
  return inputs;
}

/** Values of a typical normalised image, deterministic. */
function noise(shape: readonly number[]): Float32Array {
  const data = new Float32Array(shape.reduce((count, extent) => count * extent, 1));
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return data;
}
