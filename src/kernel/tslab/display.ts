import { loadTslabDisplay, type TslabDisplayData } from './internals';

/** Shows what a cell passes to tslab's `display`. */
export type TslabDisplay = (data: TslabDisplayData, update: boolean) => void;

/** The package `tslab` as cells import it, with its displays connected. */
export function loadTslabForCells(show: TslabDisplay): unknown {
  loadTslabDisplay().lastWriteDisplayData = show;
  return require('tslab');
}
