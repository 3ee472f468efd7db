/** A wheel on a package index. */
export interface WheelRelease {
  name: string;
  version: string;
  /** CPython tag of the wheel, such as `cp311`; a pure Python wheel fits any. */
  cpython: string;
  /** SHA-256 of the wheel in hex. If missing, the index's own hash is checked. */
  sha256?: string;
  /** Bytes of the wheel. */
  size?: number;
}
