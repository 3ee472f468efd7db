import type { MimeBundle } from './display';

/** An output of a cell that can be replaced while the cell runs. */
export interface LiveOutput {
  update(bundle: MimeBundle): void;
}

/** Where library code shows something before a cell has ended: progress, for example. */
export interface LiveDisplay {
  create(bundle: MimeBundle): LiveOutput;
}

let display: LiveDisplay | undefined;
let cellSignal: AbortSignal | undefined;
let cell: RunningCell | undefined;

/** The cell that runs: `id` is the front end's name for it, the same when it runs again; `run` is this run's. */
export interface RunningCell {
  readonly id: string | undefined;
  readonly run: string;
}

/** The display of the notebook that this process is the kernel of; undefined in any other process. */
export function currentDisplay(): LiveDisplay | undefined {
  return display;
}

export function setLiveDisplay(value: LiveDisplay | undefined): void {
  display = value;
}

/** Fires when the running cell is interrupted; undefined when no cell runs. */
export function currentCellSignal(): AbortSignal | undefined {
  return cellSignal;
}

export function setCellSignal(signal: AbortSignal | undefined): void {
  cellSignal = signal;
}

/** Undefined when no cell runs. */
export function currentCell(): RunningCell | undefined {
  return cell;
}

export function setCurrentCell(running: RunningCell | undefined): void {
  cell = running;
}
