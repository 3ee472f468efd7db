import type { NativeHookEvent, NativePredictor } from '../native/paddle-types';
import { invalidArgument } from '../validate';
import type { DataType } from './data-type';

/** An input or output tensor of an operator. */
export interface HookedTensor {
  /** `unknown` for a type without a name in this library, or if the tensor is empty. */
  readonly dtype: DataType | 'unknown';
  readonly shape: readonly number[];
}

/** Called for each tensor in execution order, with the operator's type, the variable's name, and the tensor. */
export type TensorHook = (opType: string, variable: string, tensor: HookedTensor) => void;

/** Element types by phi's numbers, which differ from those of the inference API. */
const phiTypes: Readonly<Record<number, DataType>> = {
  1: 'bool',
  2: 'uint8',
  3: 'int8',
  7: 'int32',
  9: 'int64',
  10: 'float32',
  11: 'float64',
  15: 'float16',
  16: 'bfloat16',
};

/** The hooks of one predictor. */
export class PredictorHooks {
  private readonly ofInputs: TensorHook[] = [];
  private readonly ofOutputs: TensorHook[] = [];

  get any(): boolean {
    return this.ofInputs.length + this.ofOutputs.length > 0;
  }

  async register(native: NativePredictor, hook: TensorHook, isInput: boolean): Promise<void> {
    if (typeof hook !== 'function') throw invalidArgument('hook', 'function', hook);
    const hooks = isInput ? this.ofInputs : this.ofOutputs;
    hooks.push(hook);
    if (hooks.length === 1) await native.watch(isInput);
  }

  /** Starts a run, and calls the hooks after it, before its promise settles. */
  around<T>(native: NativePredictor, start: (native: NativePredictor) => Promise<T>): Promise<T> {
    return this.any ? this.callAfter(native, start) : start(native);
  }

  private async callAfter<T>(native: NativePredictor, start: (native: NativePredictor) => Promise<T>): Promise<T> {
    // Both are queued together, so that no other run comes between.
    const run = start(native);
    const events = native.takeEvents();
    const [result] = await Promise.allSettled([run, events]);
    for (const event of await events) this.callHooks(event);
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  }

  private callHooks({ isInput, op, variable, type, shape }: NativeHookEvent): void {
    for (const hook of isInput ? this.ofInputs : this.ofOutputs) {
      hook(op, variable, { dtype: phiTypes[type] ?? 'unknown', shape });
    }
  }
}
