import type { ModelFamily, ModelSpec } from '../spec/spec';

/** The log format: PaddleDetection's own, or AutoLog of PaddleSeg and PaddleClas. */
export type LogStyle = 'PaddleDetection' | 'AutoLog';

/** What the deploy script of a toolkit prints. */
export interface ScriptOutput {
  /** The log of its benchmark flags. */
  readonly benchmarkLog: LogStyle;
  /** What it prints before the first image: the model's configuration, the device, or nothing. */
  readonly heading: 'configuration' | 'device' | 'none';
  /** Lines in its heading that only one of PaddleDetection's versions prints. */
  readonly headingLines: readonly ('executor' | 'image count')[];
  /** What it prints before the results of each image. */
  readonly beforeImage: 'time' | 'number' | 'none';
  /** Whether it names each saved picture. */
  readonly namesPictures: boolean;
  /** What it prints after the last image. */
  readonly ending: 'average times' | 'Finish' | 'none';
}

const detection = {
  benchmarkLog: 'PaddleDetection',
  heading: 'configuration',
  namesPictures: true,
} as const;

const plain: ScriptOutput = {
  benchmarkLog: 'AutoLog',
  heading: 'none',
  headingLines: [],
  beforeImage: 'none',
  namesPictures: false,
  ending: 'none',
};

/** The output of each toolkit's script; a new toolkit is a line here, which the compiler demands. */
const outputs: { readonly [F in ModelFamily | 'unknown']: ScriptOutput } = {
  'PaddleDetection 1.x': { ...detection, headingLines: ['executor'], beforeImage: 'time', ending: 'none' },
  'PaddleDetection 2.x': {
    ...detection,
    ...{ headingLines: ['image count'], beforeImage: 'number', ending: 'average times' },
  },
  PaddleSeg: { ...plain, heading: 'device', ending: 'Finish' },
  PaddleClas: plain,
  PaddleOCR: plain,
  PaddleX: plain,
  unknown: plain,
};

export function scriptOutputOf(family: ModelSpec['family']): ScriptOutput {
  return outputs[family];
}
