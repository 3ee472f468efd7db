/** On which side of a boundary an object is, once it has been there for some frames in a row. */
interface SettledSide<S> {
  side: S;
  /** Frames in a row on another side. */
  elsewhere: number;
}

/** A change of side. */
export interface Change<S> {
  readonly from: S | undefined;
  readonly to: S;
}

/** The sides of all objects by their keys. */
export class SettledSides<S> {
  private readonly sides = new Map<string, SettledSide<S>>();

  /** @param minFrames how many frames in a row an object must be on the other side before that counts */
  constructor(private readonly minFrames: number) {}

  /** Takes where an object is seen in a frame; the first place is taken as it is, and is a change from `undefined`. */
  see(key: string, side: S): Change<S> | undefined {
    const known = this.sides.get(key);
    if (known === undefined) {
      this.sides.set(key, { side, elsewhere: 0 });
      return { from: undefined, to: side };
    }
    if (side === known.side) {
      known.elsewhere = 0;
      return undefined;
    }
    if (++known.elsewhere < this.minFrames) return undefined;
    const change = { from: known.side, to: side };
    known.side = side;
    known.elsewhere = 0;
    return change;
  }

  sideOf(key: string): S | undefined {
    return this.sides.get(key)?.side;
  }

  clear(): void {
    this.sides.clear();
  }
}
