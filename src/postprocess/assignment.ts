/**
 * Assigns rows to columns with the minimum sum of costs (Hungarian algorithm, by shortest augmenting paths): the column
 * of each row. There must be at least as many columns as rows.
 */
export function assignRows(costs: readonly (readonly number[])[]): number[] {
  const columns = costs[0]?.length ?? 0;
  // Row 0 and column 0 mean "none"; potentials keep the reduced costs non-negative.
  const rowOf = new Int32Array(columns + 1);
  const rowPotential = new Float64Array(costs.length + 1);
  const columnPotential = new Float64Array(columns + 1);
  for (let row = 1; row <= costs.length; row++) {
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(columns + 1);
    const used = new Uint8Array(columns + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      used[column] = 1;
      const own = rowOf[column]!;
      let [step, next] = [Number.POSITIVE_INFINITY, 0];
      for (let j = 1; j <= columns; j++) {
        if (used[j]) continue;
        const reduced = costs[own - 1]![j - 1]! - rowPotential[own]! - columnPotential[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          before[j] = column;
        }
        if (least[j]! < step) [step, next] = [least[j]!, j];
      }
      for (let j = 0; j <= columns; j++) {
        if (used[j]) {
          rowPotential[rowOf[j]!]! += step;
          columnPotential[j]! -= step;
        } else {
          least[j]! -= step;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = before[column]!) rowOf[column] = rowOf[before[column]!]!;
  }
  const chosen = new Array<number>(costs.length).fill(-1);
  for (let j = 1; j <= columns; j++) if (rowOf[j]! > 0) chosen[rowOf[j]! - 1] = j - 1;
  return chosen;
}
