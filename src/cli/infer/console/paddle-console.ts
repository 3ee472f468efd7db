import path from 'node:path';
import { usesOnednn } from '../../../inference/engine';
import { type ScriptOutput, scriptOutputOf } from '../../../layouts/script-output';
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
  const output = scriptOutputOf(model.spec.family);
  return {
    begin: (_, images) => {
      for (const line of headingLines(model, output, images)) say(line);
    },
    event: (event, shown) => {
      if (event.kind === 'failed') tell(event.error.message);
      if (event.kind !== 'done' || shown === undefined) return;
      if (output.beforeImage === 'time') say(`Inference: ${shown.timings.inferenceMs} ms per batch image`);
      if (output.beforeImage === 'number') say(`Test iter ${spent.length}`);
      const context = {
        conventions: model.spec.conventions,
        file: event.image.file,
        configured: configured || model.spec.files.config !== undefined,
      };
      for (const line of taskOf(shown).scriptLines?.(shown, context) ?? []) say(line);
      if (output.namesPictures) {
        for (const name of event.record.written) say(`save result to: ${path.join(folder, name)}`);
      }
      spent.push(shown.timings);
    },
    end: (totals, files) => {
      for (const file of files) say(`The ${path.basename(file, '.json')} result is saved to ${file}`);
      if (output.ending === 'average times') for (const line of timeLines(totals, spent)) say(line);
      if (output.ending === 'Finish') say('Finish');
    },
    close: () => undefined,
  };
}

function headingLines({ spec, runtime }: AnyModel, output: ScriptOutput, images: number): string[] {
  if (output.heading === 'none') return [];
  if (output.heading === 'device') {
    const engine = usesOnednn(runtime.engine) ? ['Use MKLDNN'] : [];
    return [runtime.device === 'cpu' ? 'Use CPU' : 'Use GPU', ...engine];
  }
  const counts = output.headingLines.includes('image count') && images > 1;
  return [
    '-----------  Model Configuration -----------',
    `Model Arch: ${spec.arch}`,
    ...(output.headingLines.includes('executor') ? ['Use Paddle Executor: False'] : []),
    'Transform Order: ',
    ...spec.preprocess.map(({ type }) => `--transform op: ${type}`),
    '-'.repeat(44),
    ...(counts ? [`Found ${images} inference images in total.`] : []),
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
