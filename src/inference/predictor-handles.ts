import type { NativeFeed, NativePredictor, NativeStrings } from '../native/paddle-types';
import { findDeclared } from './feeds';
import { InputHandle } from './input-handle';
import { OutputHandle } from './output-handle';
import type { DeclaredInput, DeclaredOutput } from './program-ports';

/** The data for an input. */
export type NativeInput = NativeFeed | NativeStrings;

/** The input and output handles of one predictor, and their contents. */
export class PredictorHandles {
  private readonly inputHandles: ReadonlyMap<string, InputHandle>;
  private readonly outputHandles: ReadonlyMap<string, OutputHandle>;
  /** Whether the outputs have data. */
  private ran = false;

  constructor(
    private readonly inputs: readonly DeclaredInput[],
    private readonly outputs: readonly DeclaredOutput[],
    call: <T>(work: (native: NativePredictor) => Promise<T>) => Promise<T>,
  ) {
    const access = { call, ran: () => this.ran };
    this.inputHandles = new Map(inputs.map((port) => [port.name, new InputHandle(port, access)]));
    this.outputHandles = new Map(outputs.map((port) => [port.name, new OutputHandle(port, access)]));
  }

  input(name: string): InputHandle {
    findDeclared(this.inputs, name);
    return this.inputHandles.get(name) as InputHandle;
  }

  output(name: string): OutputHandle {
    findDeclared(this.outputs, name, 'output');
    return this.outputHandles.get(name) as OutputHandle;
  }

  /** Refuses a run if an input was not fed. */
  checkFed(): void {
    for (const handle of this.inputHandles.values()) handle.checkReady();
  }

  /** A run on the current contents of the inputs. */
  async running<T>(run: () => Promise<T>): Promise<T> {
    const result = await run();
    this.ran = true;
    return result;
  }

  /** A run that feeds all inputs first, with copies or with the arrays themselves. */
  async feeding<T>(feeds: readonly NativeInput[], lent: boolean, run: () => Promise<T>): Promise<T> {
    const handles = [...this.inputHandles.values()];
    const settle = handles.map((handle, i) => handle.replace(feeds[i] as NativeInput, lent));
    try {
      const result = await this.running(run);
      for (const done of settle) done();
      return result;
    } catch (error) {
      this.doubt();
      throw error;
    }
  }

  /** Runs that feed all inputs with temporary arrays. */
  async passing<T>(runs: () => Promise<T>): Promise<T> {
    this.doubt();
    return this.running(runs);
  }

  /** Marks the contents of the inputs as unknown. */
  doubt(): void {
    for (const handle of this.inputHandles.values()) handle.doubt();
  }

  /** Work that clears all inputs and outputs. */
  async clearing<T>(work: () => Promise<T>): Promise<T> {
    this.doubt();
    this.ran = false;
    const result = await work();
    for (const handle of this.inputHandles.values()) handle.settleEmpty();
    return result;
  }

  /** Releases shared memory, because nothing reads it any more. */
  forget(): void {
    for (const handle of this.inputHandles.values()) handle.forget();
  }
}
