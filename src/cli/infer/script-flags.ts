import type { RefusedFlag, VoidFlag } from './flag';

/** Flags of Paddle's scripts that are taken, and told to do nothing. */
export const voidFlags: readonly VoidFlag[] = [
  {
    name: 'with-argmax',
    type: 'switch',
    why: 'whether the classes of pixels have yet to be chosen is read from the model',
  },
  { name: 'print-detail', type: 'switch', why: 'Paddle’s own log is off' },
  { name: 'use-fd-format', type: 'switch', why: 'which YAML file a folder has is found out' },
  { name: 'task-type', type: 'text', why: 'what a model does is read from its configuration' },
  { name: 'use-dark', type: 'switch', why: 'it concerns joints of a video script' },
  {
    name: 'enable-auto-tune',
    type: 'switch',
    why: '`paddlelab tune` collects shapes, --tuned-trt-shape-file uses them',
  },
  { name: 'collect-trt-shape-info', type: 'switch', why: '`paddlelab tune` collects shapes' },
  { name: 'top-k', type: 'integer', why: 'how many classes are told is in the model’s configuration (PostProcess)' },
  { name: 'normalize', type: 'switch', why: 'images are normalised as the configuration or the tutorial says' },
  { name: 'enable-profile', type: 'switch', why: 'Paddle’s own profile is off; `paddlelab bench` measures' },
  { name: 'model', type: 'text', why: 'what a folder holds is read from it' },
  { name: 'class-num', type: 'integer', why: 'the network says how many classes it knows' },
  { name: 'pretrained-model', type: 'text', why: 'it belongs to training' },
  { name: 'load-static-weights', type: 'switch', why: 'it belongs to training' },
  { name: 'hubserving', type: 'switch', why: 'it belongs to serving' },
  { name: 'pre-label-image', type: 'switch', why: 'it belongs to labelling' },
  { name: 'pre-label-out-idr', type: 'text', why: 'it belongs to labelling' },
  { name: 'save-res', type: 'switch', why: '--save jsonl writes joints' },
  { name: 'smooth', type: 'switch', why: 'it concerns joints of a video script' },
  { name: 'filter-type', type: 'text', why: 'it concerns joints of a video script' },
  { name: 'max-batch-size', type: 'integer', why: 'it was never used' },
  { name: 'gpu-mem', type: 'integer', why: 'the memory of the GPU is taken as it is needed' },
  { name: 'ir-optim', type: 'switch', why: 'programs are always optimised' },
  { name: 'random-pad', type: 'switch', why: 'it belongs to recognising actions' },
  { name: 'save-mot-txts', type: 'switch', why: 'it belongs to tracking' },
  { name: 'save-mot-txt-per-img', type: 'switch', why: 'it belongs to tracking' },
  { name: 'scaled', type: 'switch', why: 'it belongs to tracking' },
  { name: 'tracker-config', type: 'text', why: 'it belongs to tracking' },
  { name: 'reid-model-dir', type: 'text', why: 'it belongs to tracking' },
  { name: 'reid-batch-size', type: 'integer', why: 'it belongs to tracking' },
  { name: 'action-file', type: 'text', why: 'it belongs to recognising actions' },
  { name: 'window-size', type: 'integer', why: 'it belongs to recognising actions' },
];

const twoModels = 'one model runs at a time: predict on the boxes of the first in a notebook (loadModel, predict)';

/** Flags of Paddle's scripts whose work is done otherwise. */
export const refusedFlags: readonly RefusedFlag[] = [
  { name: 'use-fp16', type: 'switch', instead: 'use --precision fp16 with --use-trt' },
  { name: 'use-int8', type: 'switch', instead: 'use --precision int8 with --use-trt' },
  { name: 'model-file', type: 'text', instead: 'name the folder that holds it: --model_dir' },
  { name: 'params-file', type: 'text', instead: 'name the folder that holds it: --model_dir' },
  { name: 'dynamic-shape-path', type: 'text', instead: 'use `paddlelab tune MODEL IMAGES --output FILE`' },
  { name: 'det-model-dir', type: 'text', instead: twoModels },
  { name: 'keypoint-model-dir', type: 'text', instead: twoModels },
  { name: 'det-threshold', type: 'number', instead: twoModels },
  { name: 'keypoint-threshold', type: 'number', instead: twoModels },
  { name: 'keypoint-batch-size', type: 'integer', instead: twoModels },
];
