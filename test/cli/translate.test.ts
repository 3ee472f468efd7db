import { describe, expect, test } from 'vitest';
import { flags } from '../../src/cli/infer/flags';
import { refusedFlags, voidFlags } from '../../src/cli/infer/script-flags';
import { translate } from '../../src/cli/infer/translate';
import { fixed, pythonList } from '../../src/text/python-format';

describe('command lines of Paddle’s scripts', () => {
  test.each([
    ['--model_dir=m --image_file=a.jpg', ['--model-dir=m', '--image-file=a.jpg']],
    ['--model_dir m --threshold 0.3', ['--model-dir=m', '--threshold=0.3']],
    ['--use_gpu=True --run_benchmark False', ['--use-gpu', '--no-run-benchmark']],
    ['--use_gpu=(False)', ['--use-gpu=(False)']],
    ['--camera_id -1 x.png', ['--camera-id=-1', 'x.png']],
    ['--save_results photos', ['--save-results', 'photos']],
    ['--img-path=a.jpg --save_dir out', ['--image-path=a.jpg', '--output-dir=out']],
    ['--slice_infer --slice_size 640 480 a.png', ['--slice-infer', '--slice-size=640,480', 'a.png']],
    ['--overlap_ratio=0.1,0.2', ['--overlap-ratio=0.1,0.2']],
    ['--nonsense=1 -- --use_gpu=True', ['--nonsense=1', '--', '--use_gpu=True']],
  ])('%s', (line, argv) => {
    expect(translate(line.split(' '))).toEqual({ argv, notes: [] });
  });

  test('a flag without effect gives a note, and consumes its value', () => {
    const { argv, notes } = translate(['--print_detail', 'True', '--reid_batch_size', '50', 'a.png', '--with_argmax']);
    expect(argv).toEqual(['a.png']);
    expect(notes).toEqual([
      expect.stringMatching(/^--print-detail has no effect here: /),
      expect.stringMatching(/^--reid-batch-size has no effect here: .*tracking/),
      expect.stringMatching(/^--with-argmax has no effect here: /),
    ]);
  });

  test('no flag has two meanings', () => {
    const spellings = [
      ...flags.flatMap(({ name, also = [] }) => [name, ...also]),
      ...[...voidFlags, ...refusedFlags].map(({ name }) => name),
    ];
    expect(new Set(spellings).size).toBe(spellings.length);
  });
});

test('numbers are rounded as Python does: from the exact value, ties to even', () => {
  expect([0.125, 0.375, 2.675, -0.125].map((value) => fixed(value, 2))).toEqual(['0.12', '0.38', '2.67', '-0.12']);
  expect([0.5, 1.5, 2.5].map((value) => fixed(value, 0))).toEqual(['0', '2', '2']);
  expect(pythonList(['heart', "it's"])).toBe(`['heart', "it's"]`);
});
