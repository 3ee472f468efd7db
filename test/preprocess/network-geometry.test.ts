import { expect, test } from 'vitest';
import { geometryOf } from '../../src/preprocess/network-geometry';
import { type OperatorFamily, readPreprocess } from '../../src/preprocess/operators';
import { parseYaml } from '../../src/yaml/yaml-file';

/** Where an image of 40×20 pixels lies in the tensor. */
test.each<[OperatorFamily, string, { size: number[]; content: number[]; origin: number[] }]>([
  ['PaddleSeg', '- {type: Resize, target_size: [80, 60]}', { size: [60, 80], content: [60, 80], origin: [0, 0] }],
  ['PaddleSeg', '- {type: Padding, target_size: [64, 32]}', { size: [32, 64], content: [20, 40], origin: [0, 0] }],
  [
    'PaddleSeg',
    '- {type: Padding, target_size: [80, 40]}\n- {type: Resize, target_size: [40, 40]}',
    { size: [40, 40], content: [20, 20], origin: [0, 0] },
  ],
  [
    'PaddleSeg',
    '- {type: ScalePadding, target_size: [80, 80]}',
    { size: [80, 80], content: [40, 80], origin: [20, 0] },
  ],
  [
    'PaddleDetection 2.x',
    '- {type: LetterBoxResize, target_size: [64, 64]}',
    { size: [64, 64], content: [32, 64], origin: [16, 0] },
  ],
])('%s, %s', (family, yaml, expected) => {
  const steps = readPreprocess(parseYaml(yaml, 'deploy.yaml'), family, 'YOLO');
  expect(geometryOf(steps, { width: 40, height: 20 })).toMatchObject(expected);
});
