import path from 'node:path';
import { usesOnednn } from '../../../inference/engine';
import type { AnyModel } from '../../../model/load-model';
import type { Timings } from '../../../results';
import { taskOf } from '../../../tasks/tasks';
import { fixed } from '../../../text/python-format';
import { say, tell } from '../../print';
import type { RunConsole, RunTotals } from './console';

/**
 * The lines of Paddle's own scripts: PaddleDetection 1.x and develop, PaddleSeg, PaddleClas.
 *
 * @param configured whether the configuration of the model comes from the command line
 */
export function paddleConsole(model: AnyModel, folder: string, configured: boolean): RunConsole {
  const spent: Timings[] = [];
  return {
    begin: (_, images) => {
      for (const line of opening(model, images)) say(line);
    },
    event: (event, shown) => {
      if (event.kind === 'failed') tell(event.error.message);
      if (event.kind !== 'done' || shown === undefined) return;
      const { family } = model.spec;
      if (family === 'PaddleDetection 1.x') say(`Inference: ${shown.timings.inferenceMs} ms per batch image`);
      if (family === 'PaddleDetection 2.x') say(`Test iter ${spent.length}`);
      const context = {
        family,
        file: event.image.file,
        configured: configured || model.spec.files.config !== undefined,
      };
      for (const line of taskOf(shown).scriptLines?.(shown, context) ?? []) say(line);
      if (family.startsWith('PaddleDetection')) {
        for (const name of event.record.written) say(`save result to: ${path.join(folder, name)}`);
      }
      spent.push(shown.timings);
    },
    end: (totals, files) => {
      for (const file of files) say(`The ${path.basename(file, '.json')} result is saved to ${file}`);
      if (model.spec.family === 'PaddleDetection 2.x') for (const line of timeLines(totals, spent)) say(line);
      if (model.spec.family === 'PaddleSeg') say('Finish');
    },
    close: () => undefined,
  };
}

function opening({ spec, runtime }: AnyModel, images: number): string[] {
  if (spec.family === 'PaddleSeg') {
    const engine = usesOnednn(runtime.engine) ? ['Use MKLDNN'] : [];
    return [runtime.device === 'cpu' ? 'Use CPU' : 'Use GPU', ...engine];
  }
  if (!spec.family.startsWith('PaddleDetection')) return [];
  return [
    '-----------  Model Configuration -----------',
    `Model Arch: ${spec.arch}`,
    ...(spec.family === 'PaddleDetection 1.x' ? ['Use Paddle Executor: False'] : []),
    'Transform Order: ',
    ...spec.preprocess.map(({ type }) => `--transform op: ${type}`),
    '-'.repeat(44),
    ...(spec.family === 'PaddleDetection 2.x' && images > 1 ? [`Found ${images} inference images in total.`] : []),
  ];
}

/** Averages over the number of images, from seconds rounded to four digits. */
function timeLines({ done }: RunTotals, spent: readonly Timings[]): string[] {
  const seconds = (pick: (timings: Timings) => number) =>
    Math.round(spent.reduce((sum, timings) => sum + pick(timings), 0) * 10) / 1e4;
  const before = seconds(({ decodeMs, preprocessMs }) => decodeMs + preprocessMs);
  const [inside, after] = [seconds(({ inferenceMs }) => inferenceMs), seconds(({ postprocessMs }) => postprocessMs)];
  const total = before + inside + after;
  const each = (value: number) => fixed(done === 0 ? 0 : (value / done) * 1000, 2);
  return [
    '------------------ Inference Time Info ----------------------',
    `total_time(ms): ${fixed(total * 1000, 1)}, img_num: ${done}`,
    `average latency time(ms): ${each(total)}, QPS: ${fixed(total === 0 ? 0 : done / total, 6)}`,
    `preprocess_time(ms): ${each(before)}, inference_time(ms): ${each(inside)}, postprocess_time(ms): ${each(after)}`,
  ];
}
