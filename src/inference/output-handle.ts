import { PaddleLabError } from '../errors';
import type { NativePredictor } from '../native/paddle-types';
import { type DataType, dataTypeFromCode } from './data-type';
import type { PredictorAccess } from './input-handle';
import type { DeclaredOutput } from './program-ports';
import { type Tensor, toTensor } from './tensor';

/** An output of a predictor, as Paddle's Tensor; it is empty before the first run. */
export class OutputHandle {
  /** @internal Use `predictor.getOutputHandle`. */
  constructor(
    private readonly declared: DeclaredOutput,
    private readonly predictor: PredictorAccess,
  ) {}

  get name(): string {
    return this.declared.name;
  }

  /** The element type of the last run's result. */
  async type(): Promise<DataType> {
    const { type } = await this.describe();
    const dtype = dataTypeFromCode(type);
    if (dtype === undefined) throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Unknown data type of ${this.name}`);
    return dtype;
  }

  /** The shape of the last run's result. */
  async shape(): Promise<readonly number[]> {
    return (await this.describe()).shape;
  }

  /** Sequence offsets of the last run's result. */
  async lod(): Promise<readonly (readonly number[])[]> {
    return (await this.describe()).lod;
  }

  /**
   * A copy of the last run's result.
   *
   * @throws PaddleLabError DISPOSED, PREDICTOR_RUN_FAILED
   */
  async copyToCpu(): Promise<Tensor> {
    this.refuseEmpty();
    const [fetched] = await this.predictor.call((native) => native.fetch(this.name));
    if (fetched === undefined) throw new PaddleLabError('PREDICTOR_RUN_FAILED', `No result for ${this.name}`);
    return toTensor(fetched);
  }

  private describe(): ReturnType<NativePredictor['describe']> {
    this.refuseEmpty();
    return this.predictor.call((native) => native.describe(this.name));
  }

  private refuseEmpty(): void {
    if (this.predictor.ran()) return;
    throw new PaddleLabError('PREDICTOR_RUN_FAILED', `Output "${this.name}" is empty before the first run`);
  }
}
