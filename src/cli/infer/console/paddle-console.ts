import path from 'node:path';
import { usesOnednn } from '../../../inference/engine';
import type { AnyModel } from '../../../model/load-model';
import type { PredictResult, Timings } from '../../../results';
import { say, tell } from '../../print';
import type { RunConsole, RunTotals } from './console';
import { fixed, pythonList } from './python-format';

/**
 * The lines of Paddle's own scripts: PaddleDetection 1.x and develop, PaddleSeg, PaddleClas.
 *
 * @param configured whether the command line brought a configuration that the model's folder lacks
 */
export function paddleConsole(folder: string, configured: boolean): RunConsole {
  const spent: Timings[] = [];
  let model: AnyModel;
  return {
    begin: (loaded, images) => {
      model = loaded;
      for (const line of opening(model, images)) say(line);
    },
    event: (event, shown) => {
      if (event.kind === 'failed') tell(event.error.message);
      if (event.kind !== 'done' || shown === undefined) return;
      const { family } = model.spec;
      if (family === 'PaddleDetection 1.x') say(`Inference: ${shown.timings.inferenceMs} ms per batch image`);
      if (family === 'PaddleDetection 2.x') say(`Test iter ${spent.length}`);
      for (const line of resultLines(model, configured, event.image.file, shown)) say(line);
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

function resultLines(
  { spec: { family, files } }: AnyModel,
  configured: boolean,
  file: string,
  result: PredictResult,
): string[] {
  switch (result.kind) {
    case 'detection':
    case 'instance-segmentation':
      return result.detections.map(({ classId, score, box: [x1, y1, x2, y2] }) => {
        const [before, between] = family === 'PaddleDetection 1.x' ? [',', ', '] : [', ', ','];
        const corners = [`[${fixed(x1, 2)},${fixed(y1, 2)}]`, `[${fixed(x2, 2)},${fixed(y2, 2)}]`];
        return (
          `class_id:${classId}, confidence:${fixed(score, 4)}${before}left_top:${corners[0]}` +
          `${between}right_bottom:${corners[1]}`
        );
      });
    case 'classification': {
      const { classes } = result;
      const name = path.basename(file);
      const [best] = classes;
      // The tutorial of MobileNetV3 has a folder without any configuration, and tells the best class only.
      if (files.config === undefined && !configured)
        return [`image_name: ${file}, class_id: ${best?.classId}, prob: ${best?.score}`];
      const ids = classes.map(({ classId }) => classId).join(', ');
      const scores = classes.map(({ score }) => fixed(score, 2)).join(', ');
      const names = pythonList(classes.flatMap(({ label }) => (label === '' ? [] : [label])));
      return [`${name}:\tclass id(s): [${ids}], score(s): [${scores}], label_name(s): ${names}`];
    }
    // The scripts say nothing of these.
    case 'rotated-detection':
    case 'keypoints':
    case 'semantic-segmentation':
    case 'tensors':
    case 'custom':
      return [];
  }
}

/** Totals by the number of images, of seconds rounded to four digits. */
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
