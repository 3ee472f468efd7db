import { readPreprocess } from '../../preprocess/operators';
import type { Task } from '../../results';
import type { OutputSettings } from '../../spec/output-settings';
import { taskForArchitecture } from '../../tasks/custom-task';
import type { YamlNode } from '../../yaml/yaml-file';
import type { Family, FamilyContext } from './family';
import { readPaddlexOutputs } from './paddlex-outputs';

/** Matched as substrings, as the deploy scripts do. */
const boxArchitectures = [
  'YOLO',
  'PPYOLOE',
  'RCNN',
  'SSD',
  'Face',
  'FCOS',
  'SOLOv2',
  'TTF',
  'GFL',
  'PicoDet',
  'CenterNet',
  'TOOD',
  'RetinaNet',
  'EfficientDet',
  'YOLOX',
  'YOLOF',
  'DETR',
  'S2ANet',
];

/** HRNet, Lite-HRNet, HigherHRNet. */
const keypointArchitectures = ['HRNet'];

/** Those that PaddleDetection's `deploy/pptracking` runs with a tracker of their own, which compares features of the objects. */
const trackingArchitectures = ['JDE', 'FairMOT', 'DeepSORT', 'CenterTrack'];

const wayOut =
  "if its outputs have the format of PaddleDetection's other detectors (rows of class, score and x1, y1, x2, y2, and their number), " +
  "load it with task: 'detection' (`paddlelab infer --task detection`); task: 'tensors' returns its raw outputs, and " +
  'registerTask adds your own interpretation';

const supported = [...boxArchitectures, ...keypointArchitectures];

/** `infer_cfg.yml` of PaddleDetection 1.x (0.3 to 0.5) and 2.x, and the same keys in an `inference.yml`. */
export const paddleDetection: Family = {
  name: 'PaddleDetection 2.x',
  expects: 'arch and Preprocess',
  recognises: (root) => root.get('arch') !== undefined || root.get('Preprocess') !== undefined,
  async read(root, { oldProgram, paddlex, assumedTask }) {
    const family = oldProgram ? 'PaddleDetection 1.x' : paddlex ? 'PaddleX' : 'PaddleDetection 2.x';
    const operators = family === 'PaddleX' ? 'PaddleX detection' : family;
    const arch = root.require('arch');
    const name = arch.string();
    const assumed = assumedTask ?? (taskForArchitecture(name) === undefined ? undefined : 'tensors');
    const task = taskOf(arch, root, assumed);
    const needsLabels = assumed !== 'tensors' && isKnown(name);
    return {
      family,
      task,
      arch: name,
      labels: needsLabels || root.get('label_list') !== undefined ? readLabels(root) : [],
      preprocess: readPreprocess(root.require('Preprocess'), operators, name),
      outputs: oldProgram ? oldOutputs(root, name) : newOutputs(root, name, paddlex),
    };
  },
};

function readLabels(root: YamlNode): string[] {
  return root
    .require('label_list')
    .list()
    .map((node) => node.label());
}

function isKnown(name: string): boolean {
  return supported.some((known) => name.includes(known));
}

function taskOf(arch: YamlNode, root: YamlNode, assumed: FamilyContext['assumedTask']): Task {
  const name = arch.string();
  const metric = root.get('metric')?.value;
  if (keypointArchitectures.some((known) => name.includes(known))) return 'keypoints';
  if (!boxArchitectures.some((known) => name.includes(known))) {
    if (assumed !== undefined) return assumed;
    if (trackingArchitectures.includes(name)) {
      throw arch.error(
        `Architecture "${name}" belongs to a tracker that compares features of the objects, which is not supported; follow the ` +
          "boxes of a detector instead (`track`, `paddlelab infer --track`); task: 'tensors' returns its raw outputs",
        'MODEL_UNSUPPORTED',
      );
    }
    throw arch.error(
      `Architecture "${name}" is not known; ${wayOut}; known: ${supported.join(', ')}`,
      'MODEL_UNSUPPORTED',
    );
  }
  if (metric === 'RBOX' || name.includes('S2ANet') || name.includes('FCOSR')) return 'rotated-detection';
  const masks = root.get('mask')?.boolean() || root.get('mask_resolution') !== undefined;
  return masks || name.includes('SOLOv2') ? 'instance-segmentation' : 'detection';
}

/** PaddleDetection 1.x: its script matches SSD and Face exactly, not as substrings. */
function oldOutputs(root: YamlNode, arch: string): OutputSettings {
  return {
    ...(root.get('mask_resolution') && { maskResolution: root.require('mask_resolution').integer(1, 1024) }),
    ...((arch === 'SSD' || arch === 'Face') && { normalizedBoxes: true }),
    ...(root.get('with_lmk')?.boolean() && { landmarks: true }),
  };
}

function newOutputs(root: YamlNode, arch: string, paddlex: boolean): OutputSettings {
  const settings = paddlex ? readPaddlexOutputs(root) : {};
  const strides = root.get('fpn_stride');
  if (!arch.includes('PicoDet') || strides === undefined) return settings;
  const nmsThreshold = root.require('NMS').require('nms_threshold').number(0, 1);
  return { ...settings, picodet: { strides: strides.list().map((node) => node.integer(1, 1024)), nmsThreshold } };
}
