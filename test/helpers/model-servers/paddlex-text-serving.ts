import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readModelSpec } from '../../../src/layouts/layouts';
import { makeFolder } from '../folders';
import type { ModelServer } from './model-server';
import { paddlexPython, pipelineServer } from './paddlex-serving';

const normalize =
  'NormalizeImage: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], scale: 1./255., order: hwc }';
const decode = 'DecodeImage: { img_mode: BGR, channel_first: false }';
const spans = (side: string): string[] => Array.from({ length: 19 }, (_, i) => ` ${side}span="${i + 2}"`);
const tokens = [
  ...['<thead>', '</thead>', '<tbody>', '</tbody>', '<tr>', '</tr>', '<td>', '<td', '>', '</td>'],
  ...[...spans('col'), ...spans('row')],
];

/** The `inference.yml` of networks that wheels have without one. */
const configurations = {
  'PP-OCRv4_mobile_det': () => ({
    steps: [decode, 'DetResizeForTest: { resize_long: 960 }', normalize, 'ToCHWImage:'],
    after: { name: 'DBPostProcess', thresh: 0.3, box_thresh: 0.6, max_candidates: 1000, unclip_ratio: 1.5 },
  }),
  'PP-OCRv4_mobile_rec': (folder: string) => ({
    steps: [decode, 'RecResizeImg: { image_shape: [3, 48, 320] }'],
    after: {
      name: 'CTCLabelDecode',
      character_dict: readFileSync(path.join(folder, 'ppocr_keys_v1.txt'), 'utf8').replace(/\n$/, '').split('\n'),
    },
  }),
  SLANet_plus: () => ({
    steps: [
      ...[
        decode,
        'TableLabelEncode: { merge_no_span_structure: true }',
        'ResizeTableImage: { max_len: 488 }',
        normalize,
      ],
      ...['PaddingTableImage: { size: [488, 488] }', 'ToCHWImage:'],
    ],
    after: { name: 'TableLabelDecode', merge_no_span_structure: true, character_dict: tokens },
  }),
};

type Network = keyof typeof configurations;

/** The folder of a network as PaddleX takes one. */
async function folderOf(name: Network, parent: string): Promise<string> {
  const { files } = await readModelSpec(name, { format: undefined, config: undefined, assumedTask: 'tensors' });
  const folder = path.join(parent, name);
  mkdirSync(folder);
  for (const file of ['inference.pdmodel', 'inference.pdiparams']) {
    copyFileSync(path.join(files.directory, file), path.join(folder, file));
  }
  const { steps, after } = configurations[name](files.directory);
  const lines = steps.map((step) => `  - ${step}\n`).join('');
  const yaml = `Global: { model_name: ${name} }\nPreProcess:\n  transform_ops:\n${lines}PostProcess: ${JSON.stringify(after)}\n`;
  writeFileSync(path.join(folder, 'inference.yml'), yaml);
  return folder;
}

/**
 * PaddleX's basic serving of text or tables with networks of wheels, not started; undefined, with a printed note, if this machine
 * can't have it.
 */
export async function paddlexTextServing(task: 'ocr' | 'table-recognition'): Promise<ModelServer | undefined> {
  const python = await paddlexPython();
  if (python === undefined) return undefined;
  const folder = makeFolder();
  const module = async (name: Network, kind: string, more: object = {}) => {
    return { module_name: kind, model_name: name, model_dir: await folderOf(name, folder), ...more };
  };
  const limits = { limit_side_len: 960, limit_type: 'max', max_side_limit: 4000 };
  const regions = { thresh: 0.3, box_thresh: 0.6, unclip_ratio: 1.5 };
  const ocr = {
    ...{ pipeline_name: 'OCR', text_type: 'general', use_doc_preprocessor: false, use_textline_orientation: false },
    SubModules: {
      TextDetection: await module('PP-OCRv4_mobile_det', 'text_detection', { ...limits, ...regions }),
      TextRecognition: await module('PP-OCRv4_mobile_rec', 'text_recognition', { batch_size: 1, score_thresh: 0 }),
    },
  };
  if (task === 'ocr') return pipelineServer(python, task, folder, JSON.stringify(ocr));
  const table = {
    ...{
      pipeline_name: 'table_recognition',
      use_doc_preprocessor: false,
      use_layout_detection: false,
      use_ocr_model: true,
    },
    SubModules: { TableStructureRecognition: await module('SLANet_plus', 'table_structure_recognition') },
    SubPipelines: { GeneralOCR: ocr },
  };
  return pipelineServer(python, task, folder, JSON.stringify(table));
}
