/** A matrix of costs, rows from the top. */
export interface CostMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/**
 * Assigns rows to columns with the least total cost: for each row its column, -1 for none. This is the algorithm of
 * Jonker and Volgenant with the steps and the order of comparisons of Python's `lap.lapjv(extend_cost=True)`, so that of
 * several assignments with equal cost the same one is chosen.
 *
 * @param limit a row and a column are left alone rather than joined at a higher cost; by default all of the smaller side
 * are assigned
 */
export function assignRows(costs: CostMatrix, limit = Number.POSITIVE_INFINITY): Int32Array {
  const { rows, columns } = costs;
  if (rows === 0 || columns === 0) return new Int32Array(rows).fill(-1);
  const square = squareOf(costs, limit);
  const solver = new Solver(square.size, square.values);
  const assigned = solver.solve().subarray(0, rows);
  return assigned.map((column) => (column < columns ? column : -1));
}

/** As `lap` extends a matrix: each row gets columns in which it stays alone at half the limit, and so do columns. */
function squareOf({ rows, columns, values }: CostMatrix, limit: number): { size: number; values: Float64Array } {
  const limited = Number.isFinite(limit);
  const size = limited ? rows + columns : Math.max(rows, columns);
  const square = new Float64Array(size * size).fill(limited ? limit / 2 : 0);
  for (let row = 0; row < rows; row++) {
    square.set(values.subarray(row * columns, (row + 1) * columns), row * size);
  }
  if (limited) for (let row = rows; row < size; row++) square.fill(0, row * size + columns, (row + 1) * size);
  return { size, values: square };
}

/** The start value of minima in `lap`. */
const LARGE = 1_000_000;

class Solver {
  /** The column of each row and the row of each column, -1 for none. */
  readonly #columnOf: Int32Array;
  readonly #rowOf: Int32Array;
  /** The price of each column. */
  readonly #prices: Float64Array;

  constructor(
    readonly size: number,
    readonly costs: Float64Array,
  ) {
    this.#columnOf = new Int32Array(size).fill(-1);
    this.#rowOf = new Int32Array(size);
    this.#prices = new Float64Array(size).fill(LARGE);
  }

  solve(): Int32Array {
    let free = this.#reduceColumns();
    for (let round = 0; round < 2 && free.length > 0; round++) free = this.#augmentRows(free);
    for (const row of free) this.#augmentPath(row);
    return this.#columnOf;
  }

  #cost(row: number, column: number): number {
    return this.costs[row * this.size + column]!;
  }

  #reduced(row: number, column: number): number {
    return this.costs[row * this.size + column]! - this.#prices[column]!;
  }

  /** Column reduction and reduction transfer; gives the rows without a column. */
  #reduceColumns(): number[] {
    const { size } = this;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const cost = this.#cost(row, column);
        if (cost < this.#prices[column]!) {
          this.#prices[column] = cost;
          this.#rowOf[column] = row;
        }
      }
    }
    const single = new Uint8Array(size).fill(1);
    for (let column = size - 1; column >= 0; column--) {
      const row = this.#rowOf[column]!;
      if (this.#columnOf[row]! < 0) this.#columnOf[row] = column;
      else {
        single[row] = 0;
        this.#rowOf[column] = -1;
      }
    }
    const free: number[] = [];
    for (let row = 0; row < size; row++) {
      const own = this.#columnOf[row]!;
      if (own < 0) free.push(row);
      else if (single[row]) this.#transferReduction(row, own);
    }
    return free;
  }

  #transferReduction(row: number, own: number): void {
    let least = LARGE;
    for (let column = 0; column < this.size; column++) {
      if (column !== own) least = Math.min(least, this.#reduced(row, column));
    }
    this.#prices[own]! -= least;
  }

  /** Augmenting row reduction; gives the rows still without a column. */
  #augmentRows(waiting: number[]): number[] {
    const left: number[] = [];
    let current = 0;
    let steps = 0;
    while (current < waiting.length) {
      steps++;
      const row = waiting[current++]!;
      const best = this.#twoCheapest(row);
      let column = best.first;
      let owner = this.#rowOf[column]!;
      const price = this.#prices[column]! - (best.secondCost - best.firstCost);
      const lowers = price < this.#prices[column]!;
      // `lap` limits the steps, because rounding can make two rows take a column from each other for ever.
      const mayRepeat = steps < current * this.size;
      if (mayRepeat) {
        if (lowers) this.#prices[column] = price;
        else if (owner >= 0 && best.second >= 0) {
          column = best.second;
          owner = this.#rowOf[column]!;
        }
      }
      if (owner >= 0) {
        if (mayRepeat && lowers) waiting[--current] = owner;
        else left.push(owner);
      }
      this.#columnOf[row] = column;
      this.#rowOf[column] = row;
    }
    return left;
  }

  #twoCheapest(row: number): { first: number; firstCost: number; second: number; secondCost: number } {
    let first = 0;
    let firstCost = this.#reduced(row, 0);
    let second = -1;
    let secondCost = LARGE;
    for (let column = 1; column < this.size; column++) {
      const cost = this.#reduced(row, column);
      if (cost >= secondCost) continue;
      if (cost >= firstCost) {
        second = column;
        secondCost = cost;
      } else {
        second = first;
        secondCost = firstCost;
        first = column;
        firstCost = cost;
      }
    }
    return { first, firstCost, second, secondCost };
  }

  /** Gives `row` a column along the shortest alternating path. */
  #augmentPath(start: number): void {
    const from = new Int32Array(this.size).fill(start);
    let column = this.#shortestPath(start, from);
    let row: number;
    do {
      row = from[column]!;
      this.#rowOf[column] = row;
      const next = this.#columnOf[row]!;
      this.#columnOf[row] = column;
      column = next;
    } while (row !== start);
  }

  /** Dijkstra's algorithm over columns; gives the free column at the path's end. */
  #shortestPath(start: number, from: Int32Array): number {
    const { size } = this;
    const order = new Int32Array(size);
    const distances = new Float64Array(size);
    for (let column = 0; column < size; column++) {
      order[column] = column;
      distances[column] = this.#reduced(start, column);
    }
    const scan = { low: 0, high: 0 };
    let ready = 0;
    let end = -1;
    while (end < 0) {
      if (scan.low === scan.high) {
        ready = scan.low;
        scan.high = gatherNearest(order, distances, scan.low);
        for (let k = scan.low; k < scan.high; k++) if (this.#rowOf[order[k]!]! < 0) end = order[k]!;
      }
      if (end < 0) end = this.#scanColumns(scan, order, distances, from);
    }
    const least = distances[order[scan.low]!]!;
    for (let k = 0; k < ready; k++) this.#prices[order[k]!]! += distances[order[k]!]! - least;
    return end;
  }

  #scanColumns(
    scan: { low: number; high: number },
    order: Int32Array,
    distances: Float64Array,
    from: Int32Array,
  ): number {
    let { low, high } = scan;
    const prices = this.#prices;
    while (low !== high) {
      const nearest = order[low++]!;
      const row = this.#rowOf[nearest]!;
      const least = distances[nearest]!;
      const base = this.#reduced(row, nearest) - least;
      const costs = this.costs.subarray(row * this.size, (row + 1) * this.size);
      for (let k = high; k < this.size; k++) {
        const column = order[k]!;
        const distance = costs[column]! - prices[column]! - base;
        if (distance >= distances[column]!) continue;
        distances[column] = distance;
        from[column] = row;
        if (distance !== least) continue;
        if (this.#rowOf[column]! < 0) return column;
        order[k] = order[high]!;
        order[high++] = column;
      }
    }
    scan.low = low;
    scan.high = high;
    return -1;
  }
}

/** Moves the columns with the least distance to the front of those from `low` on; gives the end of them. */
function gatherNearest(order: Int32Array, distances: Float64Array, low: number): number {
  let high = low + 1;
  let least = distances[order[low]!]!;
  for (let k = high; k < order.length; k++) {
    const column = order[k]!;
    if (distances[column]! > least) continue;
    if (distances[column]! < least) {
      high = low;
      least = distances[column]!;
    }
    order[k] = order[high]!;
    order[high++] = column;
  }
  return high;
}
