import type { Shard } from '../../infer/shards/shard';
import type { PipelineRequest } from '../infer/read-pipeline';
import type { QueueRequest } from '../infer/read-queue';
import type { OcrNetworks } from '../queue/ocr-task';
import type { OcrTask } from './plan-ocr';

/** A command line of `paddlelab ocr`, checked. */
export interface OcrRequest extends OcrTask, OcrNetworks {
  readonly inputs: readonly string[];
  /** The pipeline in place of networks here; undefined without one. */
  readonly pipeline: PipelineRequest | undefined;
  /** Undefined: all images. */
  readonly shard: Shard | undefined;
  /** Undefined: on this machine. */
  readonly queue: QueueRequest | undefined;
  readonly outputDir: string;
  readonly existing: 'refuse' | 'overwrite' | 'resume';
  readonly json: boolean;
}
