import type { MimeBundle } from './display';

/** An output of a cell that can be replaced while the cell runs, and after. */
export interface LiveOutput {
  update(bundle: MimeBundle): void;
}

/** A question for the person at the front end. */
export interface Question {
  text: string;
  /** Whether what is typed must not be seen. */
  secret: boolean;
}

/** Where library code shows something before a cell has ended: progress, for example. */
export interface LiveDisplay {
  create(bundle: MimeBundle): LiveOutput;
}

/** What a front end can do beside showing output. */
export interface FrontEnd {
  /** Takes away the output of the cell so far: at once, or when the next output comes. */
  clear(when: 'now' | 'with-next-output'): void;
  /** Shows something beside the cell's output, as documentation; front ends without such a place show it below. */
  page(bundle: MimeBundle): void;
  /** Waits for the answer; the thread does nothing else. */
  ask(question: Question): string;
}

let display: LiveDisplay | undefined;
let frontEnd: FrontEnd | undefined;
let cellSignal: AbortSignal | undefined;
let cell: RunningCell | undefined;

/** The cell that runs: `id` is the front end's name for it, the same when it runs again; `run` is this run's. */
export interface RunningCell {
  readonly id: string | undefined;
  readonly run: string;
}

/** The front end of the notebook; undefined in a process that is no kernel. */
export function currentFrontEnd(): FrontEnd | undefined {
  return frontEnd;
}

export function setFrontEnd(value: FrontEnd | undefined): void {
  frontEnd = value;
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
