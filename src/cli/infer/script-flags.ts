import type { RefusedFlag, VoidFlag } from './flag';

/** Flags of Paddle's scripts that are accepted but have no effect; a note says why. */
export const voidFlags: readonly VoidFlag[] = [
  {
    name: 'with-argmax',
    type: 'switch',
    why: 'the model itself shows whether argmax has to be applied',
  },
  { name: 'print-detail', type: 'switch', why: 'Paddle’s own log is off' },
  { name: 'use-fd-format', type: 'switch', why: 'the YAML file of a folder is detected' },
  { name: 'task-type', type: 'text', why: 'the task is read from the model’s configuration' },
  { name: 'use-dark', type: 'switch', why: 'it is for the keypoints of a video script' },
  {
    name: 'enable-auto-tune',
    type: 'switch',
    why: '`paddlelab tune` collects shapes, --tuned-trt-shape-file uses them',
  },
  { name: 'collect-trt-shape-info', type: 'switch', why: '`paddlelab tune` collects shapes' },
  {
    name: 'top-k',
    type: 'integer',
    why: 'the number of printed classes is set in the model’s configuration (PostProcess)',
  },
  { name: 'normalize', type: 'switch', why: 'images are normalised according to the configuration or the tutorial' },
  { name: 'enable-profile', type: 'switch', why: 'Paddle’s own profiler is off; `paddlelab bench` measures' },
  { name: 'model', type: 'text', why: 'the format is detected from the folder' },
  { name: 'class-num', type: 'integer', why: 'the number of classes is read from the network’s output' },
  { name: 'pretrained-model', type: 'text', why: 'it is for training' },
  { name: 'load-static-weights', type: 'switch', why: 'it is for training' },
  { name: 'hubserving', type: 'switch', why: 'it is for serving' },
  { name: 'pre-label-image', type: 'switch', why: 'it is for labelling' },
  { name: 'pre-label-out-idr', type: 'text', why: 'it is for labelling' },
  { name: 'save-res', type: 'switch', why: '--save jsonl writes keypoints' },
  { name: 'smooth', type: 'switch', why: 'it is for the keypoints of a video script' },
  { name: 'filter-type', type: 'text', why: 'it is for the keypoints of a video script' },
  { name: 'max-batch-size', type: 'integer', why: 'the scripts never used it' },
  { name: 'gpu-mem', type: 'integer', why: 'GPU memory is allocated on demand' },
  { name: 'ir-optim', type: 'switch', why: 'programs are always optimised' },
  { name: 'random-pad', type: 'switch', why: 'it is for action recognition' },
  { name: 'save-mot-txts', type: 'switch', why: 'it is for tracking' },
  { name: 'save-mot-txt-per-img', type: 'switch', why: 'it is for tracking' },
  { name: 'scaled', type: 'switch', why: 'it is for tracking' },
  { name: 'tracker-config', type: 'text', why: 'it is for tracking' },
  { name: 'reid-model-dir', type: 'text', why: 'it is for tracking' },
  { name: 'reid-batch-size', type: 'integer', why: 'it is for tracking' },
  { name: 'action-file', type: 'text', why: 'it is for action recognition' },
  { name: 'window-size', type: 'integer', why: 'it is for action recognition' },
];

const twoModels =
  'one model runs at a time: in a notebook, predict on the boxes of the first model (loadModel, predict)';

/** Flags of Paddle's scripts that are not supported in this form, with the alternative. */
export const refusedFlags: readonly RefusedFlag[] = [
  { name: 'use-fp16', type: 'switch', instead: 'use --precision fp16 with --use-trt' },
  { name: 'use-int8', type: 'switch', instead: 'use --precision int8 with --use-trt' },
  { name: 'model-file', type: 'text', instead: 'pass its folder: --model_dir' },
  { name: 'params-file', type: 'text', instead: 'pass its folder: --model_dir' },
  { name: 'dynamic-shape-path', type: 'text', instead: 'use `paddlelab tune MODEL IMAGES --output FILE`' },
  { name: 'det-model-dir', type: 'text', instead: twoModels },
  { name: 'keypoint-model-dir', type: 'text', instead: twoModels },
  { name: 'det-threshold', type: 'number', instead: twoModels },
  { name: 'keypoint-threshold', type: 'number', instead: twoModels },
  { name: 'keypoint-batch-size', type: 'integer', instead: twoModels },
];
