import type { Task } from '../../results';

/** The toolkit that a model was exported from. */
export type Toolkit = 'PaddleClas' | 'PaddleDetection' | 'PaddleSeg' | 'PaddleOCR' | 'PaddleX';

/**
 * What this version does with the models of a module, judged by task and configuration: `predict` makes results of a
 * task; `tensors`: `loadModel(name, { task: 'tensors' })` gives the raw outputs; `program`: only `paddle.createPredictor`
 * runs the program, with inputs that you make; `no`: nothing here runs it.
 */
export type Support =
  | { readonly runs: 'predict'; readonly task: Exclude<Task, 'custom' | 'tensors'> }
  | { readonly runs: 'tensors' | 'program' | 'no'; readonly why: string };

export interface ModuleFacts {
  readonly toolkit: Toolkit;
  readonly support: Support;
}

const classifies: ModuleFacts = { toolkit: 'PaddleClas', support: { runs: 'predict', task: 'classification' } };
const detects: ModuleFacts = { toolkit: 'PaddleDetection', support: { runs: 'predict', task: 'detection' } };

function tensors(toolkit: Toolkit, why: string): ModuleFacts {
  return { toolkit, support: { runs: 'tensors', why } };
}

function program(toolkit: Toolkit, why: string): ModuleFacts {
  return { toolkit, support: { runs: 'program', why } };
}

function no(toolkit: Toolkit, why: string): ModuleFacts {
  return { toolkit, support: { runs: 'no', why } };
}

const text = program('PaddleOCR', 'PaddleOCR’s preprocessing and decoding are not supported yet');
const detectsText: ModuleFacts = {
  toolkit: 'PaddleOCR',
  support: { runs: 'predict', task: 'text-detection' },
};
const features = tensors('PaddleClas', 'its output is a feature vector, and there is no search for similar ones');
const series = program('PaddleX', 'its input is a time series, not an image');
const prompted = program('PaddleX', 'it takes prompts (texts, points or boxes) beside the image');
const video = program('PaddleX', 'it takes a clip of several frames, not an image');
const generates = no('PaddleX', 'it is a language model: weights for Python code, without a program');

/** The modules of PaddleX 3. A new one is a line here. */
export const modules = {
  image_classification: classifies,
  image_multilabel_classification: classifies,
  pedestrian_attribute_recognition: classifies,
  vehicle_attribute_recognition: classifies,
  doc_text_orientation: classifies,
  textline_orientation: classifies,
  table_classification: classifies,
  object_detection: detects,
  small_object_detection: detects,
  human_detection: detects,
  vehicle_detection: detects,
  mainbody_detection: detects,
  face_detection: detects,
  layout_detection: detects,
  table_cells_detection: detects,
  rotated_object_detection: { toolkit: 'PaddleDetection', support: { runs: 'predict', task: 'rotated-detection' } },
  instance_segmentation: { toolkit: 'PaddleDetection', support: { runs: 'predict', task: 'instance-segmentation' } },
  keypoint_detection: { toolkit: 'PaddleDetection', support: { runs: 'predict', task: 'keypoints' } },
  semantic_segmentation: { toolkit: 'PaddleSeg', support: { runs: 'predict', task: 'semantic-segmentation' } },
  layout_analysis: tensors('PaddleDetection', 'its masks and its reading order are not read yet'),
  image_feature: features,
  face_feature: features,
  image_anomaly_detection: program('PaddleSeg', 'its map of anomalies is not a map of classes'),
  text_detection: detectsText,
  seal_text_detection: detectsText,
  text_recognition: { toolkit: 'PaddleOCR', support: { runs: 'predict', task: 'text-recognition' } },
  table_structure_recognition: { toolkit: 'PaddleOCR', support: { runs: 'predict', task: 'table-structure' } },
  formula_recognition: text,
  image_unwarping: { toolkit: 'PaddleOCR', support: { runs: 'predict', task: 'image-unwarping' } },
  ts_forecast: series,
  ts_anomaly_detection: series,
  ts_classification: series,
  video_classification: video,
  video_detection: video,
  open_vocabulary_detection: prompted,
  open_vocabulary_segmentation: prompted,
  '3d_bev_detection': program('PaddleX', 'it takes point clouds and several cameras'),
  multilingual_speech_recognition: no('PaddleX', 'it reads speech, and has weights for Python code without a program'),
  text_to_pinyin: no('PaddleX', 'it reads text, not images'),
  text_to_speech_acoustic: program('PaddleX', 'it reads text, not images'),
  text_to_speech_vocoder: program('PaddleX', 'it reads spectra, not images'),
  doc_vlm: generates,
  chart_parsing: generates,
} as const satisfies Readonly<Record<string, ModuleFacts>>;

export type ModuleName = keyof typeof modules;
