import path from 'node:path';
import { readFile, writeFile } from '../../files/fs';
import { TemporaryFolder } from '../../temporary-folder';
import type { CheckedModel } from '../model-files';
import { affineOf, foldWeights } from './folded-weights';
import { type FoldingPlan, planFolding, renamingsOf } from './folding-plan';
import { ParameterCopy } from './parameter-copy';
import { renamedBytes, scaleOperatorBytes } from './program-operator';

/** Increase when programs are rewritten in another way, so that engines are tried again. */
export const foldingEdition = 1;

/** A program and its parameter file. */
export interface ModelFiles {
  readonly program: string;
  readonly params: string;
}

/**
 * The model as oneDNN gets it: with multiplications and additions of scalars folded into the convolutions around them.
 * Networks with "learnable affine blocks" (PP-LCNetV3) have some hundred of them, each of which reads and writes a
 * whole activation.
 */
export class ScalarFolding {
  private written: Promise<ModelFiles | undefined> | undefined;
  private folder: TemporaryFolder | undefined;

  private constructor(
    private readonly source: ModelFiles,
    private readonly model: CheckedModel,
    private readonly plan: FoldingPlan,
  ) {}

  /** Undefined if the model has nothing to fold. */
  static async of(source: ModelFiles, model: CheckedModel): Promise<ScalarFolding | undefined> {
    const { format, outline } = model;
    if (format !== 'pdmodel') return undefined;
    const scalars = outline.parameters.filter(({ shape }) => shape.every((extent) => extent === 1));
    // The usual case, in which the program is not read again.
    if (scalars.length === 0) return undefined;
    const plan = planFolding(await readFile(source.program));
    return plan && new ScalarFolding(source, model, plan);
  }

  /** Number of operators that the rewritten program does not have. */
  get operators(): number {
    return this.plan.operators;
  }

  /**
   * Temporary files with the rewritten model; undefined if some weight would not be finite, or if they can't be written:
   * the model is then loaded as it is.
   */
  files(): Promise<ModelFiles | undefined> {
    this.written ??= this.write().catch(() => undefined);
    return this.written;
  }

  /** Removes the files; Paddle does not read those of a `.pdmodel` again. */
  async release(): Promise<void> {
    await this.written;
    await this.folder?.release();
  }

  private async write(): Promise<ModelFiles | undefined> {
    this.folder = TemporaryFolder.create('model');
    const [program, params] = ['model.pdmodel', 'model.pdiparams'].map((name) => path.join(this.folder!.path, name));
    const copy = await ParameterCopy.create(this.source.params, params!, this.model.outline.parameters);
    try {
      const bytes = await this.rewrite(copy);
      if (!(await copy.save())) return undefined;
      await writeFile(program!, bytes);
      return { program: program!, params: params! };
    } finally {
      await copy.close();
    }
  }

  /** The rewritten program; changes the weights in the copy. */
  private async rewrite(weights: ParameterCopy): Promise<Buffer> {
    const { program, folds } = this.plan;
    const removed = new Set(folds.flatMap(({ chain }) => chain.steps.map(({ operator }) => operator)));
    const scales = new Map<unknown, Buffer>();
    for (const fold of folds) {
      const { steps, input, output } = fold.chain;
      if (fold.into !== 'scale') await foldWeights(fold, weights);
      else {
        const { scale, offset } = await affineOf(fold.chain, weights);
        scales.set(steps.at(-1)?.operator, scaleOperatorBytes(input, output, scale, offset));
      }
    }
    const renamings = renamingsOf(folds);
    return program.withOperators(
      program.operators.flatMap((operator) => {
        if (removed.has(operator)) return scales.get(operator) ?? [];
        const changes = renamings.get(operator);
        return changes === undefined ? operator.bytes : renamedBytes(operator, changes);
      }),
    );
  }
}
