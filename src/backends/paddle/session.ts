import { createPredictor } from '../../inference/create-predictor';
import { type EngineSettings, toConfig } from '../../inference/engine';
import type { RunInputs } from '../../inference/feeds';
import type { Predictor, RunOptions } from '../../inference/predictor';
import type { DeclaredInput } from '../../inference/program-ports';
import type { Tensor } from '../../inference/tensor';
import type { TimeRunsOptions } from '../../inference/timed-runs';
import { loadBinding } from '../../native/binding';
import type { SessionModel } from '../backend-kind';
import type { InferenceSession, SessionInfo } from '../session';

/** What a session of Paddle runs on. */
export type PaddleInfo = SessionInfo & EngineSettings & Required<Pick<SessionInfo, 'paddle'>>;

/** Paddle's native predictor in this process. */
export class PaddleSession implements InferenceSession {
  readonly inputs: readonly DeclaredInput[];
  readonly outputNames: readonly string[];

  constructor(
    readonly predictor: Predictor,
    readonly info: PaddleInfo,
    private readonly model: SessionModel,
  ) {
    this.inputs = predictor.inputs;
    this.outputNames = predictor.outputNames;
  }

  run(inputs: RunInputs, options?: RunOptions): Promise<Tensor[]> {
    return this.predictor.run(inputs, options);
  }

  timeRuns(inputs: readonly RunInputs[], options: TimeRunsOptions): Promise<number[]> {
    return this.predictor.timeRuns(inputs, options);
  }

  releaseInputs(): void {
    this.predictor.releaseInputs();
  }

  freeOutputs(outputs: readonly Tensor[]): void {
    loadBinding().freeArrays(outputs.map(({ data }) => data));
  }

  async releaseMemory(): Promise<void> {
    // Paddle can't clear those of .json programs, but shrinks what they no longer use.
    if (this.model.format === 'pdmodel') await this.predictor.clearIntermediateTensor();
    await this.predictor.tryShrinkMemory();
  }

  /**
   * A clone that shares the weights; with the OpenVINO engine, whose clones can't run concurrently, a new predictor.
   */
  async copy(): Promise<PaddleSession> {
    const { program, params, format } = this.model;
    const { runtime } = this.predictor;
    const predictor =
      this.info.engine === 'openvino'
        ? await createPredictor(toConfig(program, params, format, this.info), { runtime: runtime.root, trial: false })
        : await this.predictor.clone();
    return new PaddleSession(predictor, this.info, this.model);
  }

  dispose(): Promise<void> {
    return this.predictor.dispose();
  }
}
