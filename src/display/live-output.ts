import type { MimeBundle } from './display';

/** An output of a cell that can be replaced during and after the run. */
export interface LiveOutput {
  update(bundle: MimeBundle): void;
}

/** A question for the user of the front end. */
export interface Question {
  text: string;
  /** Whether the input is hidden. */
  secret: boolean;
}

/** The output for library code that shows something before a cell has ended, such as progress. */
export interface LiveDisplay {
  create(bundle: MimeBundle): LiveOutput;
}

/** The front end's features besides showing output. */
export interface FrontEnd {
  /** Clears the output of the cell so far: at once, or when the next output arrives. */
  clear(when: 'now' | 'with-next-output'): void;
  /** Shows a page beside the cell's output, such as documentation; front ends without a pager show it below. */
  page(bundle: MimeBundle): void;
  /** Waits for the answer and blocks the thread. */
  ask(question: Question): string;
}

let display: LiveDisplay | undefined;
let frontEnd: FrontEnd | undefined;
let cellSignal: AbortSignal | undefined;
let cell: RunningCell | undefined;

/**
 * The running cell: `id` is the front end's id, which stays the same in later runs; `run` is the number of this run.
 */
export interface RunningCell {
  readonly id: string | undefined;
  readonly run: string;
}

/** The front end of the notebook; undefined in a process that is not a kernel. */
export function currentFrontEnd(): FrontEnd | undefined {
  return frontEnd;
}

export function setFrontEnd(value: FrontEnd | undefined): void {
  frontEnd = value;
}

/** The display of this kernel's notebook; undefined in other processes. */
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
