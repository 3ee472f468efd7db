import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { ClassifierConfig } from '../../src/cli/infer/classifier-config';
import { addFlags, flagValues } from '../../src/cli/infer/parse-flags';
import { type InferRequest, readRequest } from '../../src/cli/infer/request';
import { translate } from '../../src/cli/infer/translate';

/** The request of a command line, and its notes on flags without effect. */
function read(line: string, classifier?: ClassifierConfig): { request: InferRequest; notes: readonly string[] } {
  const { argv, notes } = translate(line.split(/\s+/).filter(Boolean));
  const command = addFlags(new Command('infer').argument('[inputs...]').exitOverride());
  command.parse(argv, { from: 'user' });
  return { request: readRequest(command.args, flagValues(command.opts()), classifier), notes };
}

/** Each script with all its flags at their defaults, and the flags without effect. */
const scripts: readonly (readonly [script: string, line: string, silent: readonly string[]])[] = [
  [
    'PaddleDetection 1.x infer.py',
    '--model_dir=m --image_file=a.jpg --camera_id=-1 --run_mode=fluid --use_gpu=False --run_benchmark=False ' +
      '--threshold=0.5 --output_dir=output',
    [],
  ],
  [
    'PaddleDetection 2.x infer.py',
    '--model_dir m --image_file a.jpg --batch_size 1 --camera_id -1 --threshold 0.5 --output_dir output --run_mode paddle ' +
      '--use_gpu False --device cpu --run_benchmark False --enable_mkldnn False --enable_mkldnn_bfloat16 False ' +
      '--cpu_threads 1 --use_dynamic_shape False --trt_min_shape 1 --trt_max_shape 1280 --trt_opt_shape 640 ' +
      '--trt_calib_mode False --save_images True --save_results --use_coco_category --slice_infer --slice_size 640 640 ' +
      '--overlap_ratio 0.25 0.25 --combine_method nms --match_threshold 0.6 --match_metric ios ' +
      '--tuned_trt_shape_file shape_range_info.pbtxt --collect_trt_shape_info --use_fd_format --task_type Detection ' +
      '--use_dark True',
    ['collect-trt-shape-info', 'task-type', 'use-dark', 'use-fd-format'],
  ],
  [
    'its flags for tracking and actions',
    '--model_dir m --image_file a.jpg --save_mot_txts --save_mot_txt_per_img --scaled False --tracker_config t.yml ' +
      '--reid_model_dir r --reid_batch_size 50 --action_file f --window_size 50 --random_pad False',
    [
      ...['action-file', 'random-pad', 'reid-batch-size', 'reid-model-dir', 'save-mot-txt-per-img', 'save-mot-txts'],
      ...['scaled', 'tracker-config', 'window-size'],
    ],
  ],
  [
    'PaddleSeg infer.py',
    '--config m/deploy.yaml --image_path a.jpg --batch_size 1 --save_dir ./output --device cpu --use_trt False ' +
      '--precision fp32 --min_subgraph_size 3 --enable_auto_tune False --auto_tuned_shape_file auto_tune_tmp.pbtxt ' +
      '--cpu_threads 10 --enable_mkldnn False --benchmark False --model_name x --with_argmax --print_detail True ' +
      '--use_int8=False --use_mkldnn=False --use_cpu',
    ['enable-auto-tune', 'print-detail', 'with-argmax'],
  ],
  [
    'the tutorial’s infer.py',
    '--model-dir=./m --use-gpu=False --max-batch-size=16 --batch-size=1 --resize-size=256 --crop-size=224 ' +
      '--img-path=../images/demo.jpg --benchmark=False --warmup=0',
    ['max-batch-size'],
  ],
  [
    'PaddleClas 2.0 predict.py',
    '-i a.jpg --model_dir m --use_gpu False --resize_short 256 --resize 224 --normalize True -b 1 --use_fp16 False ' +
      '--ir_optim True --use_tensorrt False --gpu_mem 8000 --enable_profile False --enable_benchmark False --top_k 1 ' +
      '--enable_mkldnn False --cpu_num_threads 10 --hubserving False --model MobileNetV3 --class_num 1000 ' +
      '--load_static_weights False --pre_label_image False',
    [
      ...[
        'class-num',
        'enable-profile',
        'gpu-mem',
        'hubserving',
        'ir-optim',
        'load-static-weights',
        'model',
        'normalize',
      ],
      ...['pre-label-image', 'top-k'],
    ],
  ],
];

describe('all flags of', () => {
  test.each(scripts)('%s are accepted, with a note on those without effect', (_, line, silent) => {
    const { request, notes } = read(line);
    expect(request.source).toMatchObject({ kind: 'images' });
    expect(request.load.device).toBe('cpu');
    expect(request.load.tensorrt).toBeUndefined();
    expect(request.benchmark).toBeUndefined();
    expect(notes.map((note) => /^--(\S+) has no effect here: \S/.exec(note)?.[1]).sort()).toEqual(silent);
  });

  test.each([
    ['--det_model_dir=d --keypoint_model_dir=k --image_file=a.jpg', /--det-model-dir is not supported: one model runs/],
    ['--config deploy.yaml --image_path a --dynamic_shape_path x.pbtxt', /not supported: use `paddlelab tune/],
    ['--model_file=m/inference.pdmodel --params_file=p', /--model-file is not supported: pass its folder/],
    ['m a.jpg --use_fp16=True', /--use-fp16 is not supported: use --precision fp16 with --use-trt/],
  ])('%s is refused with an alternative', (line, words) => {
    expect(() => read(line)).toThrow(words);
  });
});

describe('beside PaddleClas’s configuration as it ships', () => {
  const classifier: ClassifierConfig = {
    values: { 'model-dir': 'm', 'image-path': 'images', 'use-gpu': true, 'enable-mkldnn': true, 'batch-size': 1 },
    config: {},
  };
  const load = (flags: string, more: ClassifierConfig['values'] = {}) =>
    read(`-c x.yaml ${flags}`, { ...classifier, values: { ...classifier.values, ...more } }).request.load;

  test('the command line takes precedence, under any spelling', () => {
    expect(load('')).toMatchObject({ device: 'gpu' });
    // MKLDNN is CPU-only: the script ignores it on a GPU.
    expect(load('').engine).toBeUndefined();
    expect(load('--device gpu:1').engine).toBeUndefined();
    expect(load('--device cpu')).toMatchObject({ device: 'cpu', engine: 'onednn' });
    expect(load('--use_cpu')).toMatchObject({ device: 'cpu', engine: 'onednn' });
    expect(load('--use_gpu=False')).toMatchObject({ device: 'cpu', engine: 'onednn' });
    expect(load('--device cpu --engine openvino')).toMatchObject({ device: 'cpu', engine: 'openvino' });
    expect(load('--device cpu --run_mode paddle').engine).toBeUndefined();
    const bfloat16 = load('--use_cpu --enable_mkldnn_bfloat16', { 'enable-mkldnn': false, precision: 'fp16' });
    expect(bfloat16).toMatchObject({ engine: 'onednn', precision: 'bf16' });
  });

  test('a contradiction within the command line is still refused', () => {
    expect(() => load('--use_gpu --device cpu')).toThrow('exclude each other');
    expect(() => load('--device cpu --enable_mkldnn --engine openvino')).toThrow('exclude each other');
  });

  test('--enable_mkldnn goes with either of oneDNN’s engines', () => {
    const { load: read } = readRequest(['m', 'a.png'], { 'enable-mkldnn': true, engine: 'onednn-fused' });
    expect(read).toMatchObject({ device: 'cpu', engine: 'onednn-fused' });
  });

  test('pictures have our own style, because its script draws none', () => {
    expect(read('-c x.yaml --save picture', classifier).request.style).toBe('paddlelab');
    expect(read('-c deploy.yaml --image_path a.png').request.style).toBe('paddle');
  });
});

test('meanings of flags', () => {
  const { request } = read(
    '--model_dir=m --image_dir=d --device=GPU --run_mode=trt_fp16 --batch_size=4 --cpu_threads=3',
  );
  expect(request).toMatchObject({
    source: { kind: 'images', paths: ['d'], recursive: false },
    load: { device: 'gpu', precision: 'fp16', threads: 3, tensorrt: { maxBatchSize: 4 } },
    batchSize: 4,
  });
  expect(read('--model_dir=m --video_file=v.mp4 --image_file=a.jpg').request.source).toEqual({
    kind: 'video',
    file: 'v.mp4',
  });
  expect(read('--model_dir=m --video_file=v.mp4 --camera_id=0').request.source).toEqual({ kind: 'camera', id: 0 });
});
