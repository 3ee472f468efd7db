/**
 * Reads one protobuf message in place, without copies. Every length is checked against the remaining bytes, so that a
 * damaged file can't cause a read out of bounds.
 */
export class ProtobufReader {
  /** Number of the current field, set by `next`. */
  field = 0;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  wireType = 0;
  private position: number;

  constructor(
    private readonly bytes: Buffer,
    start = 0,
    private readonly end: number = bytes.length,
  ) {
    this.position = start;
  }

  /** Position of the next byte, from the start of the file. */
  get offset(): number {
    return this.position;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position === this.end) return false;
    const key = this.varint();
    this.field = Math.floor(key / 8);
    this.wireType = key % 8;
    if (this.field === 0) throw this.damage('field number 0');
    return true;
  }

  /** An unsigned number, exact up to 2^53. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.position];
      if (byte === undefined || this.position >= this.end) throw this.damage('a truncated number');
      this.position++;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw this.damage('a number of more than 10 bytes');
  }

  /** A signed 64-bit number, as protobuf's int32 and int64 write it. */
  int64(): number {
    const start = this.position;
    const value = this.varint();
    // Only negative numbers take 10 bytes; as unsigned values they exceed the exact range of a double.
    if (this.position - start < 10) return value;
    let bits = 0n;
    for (let i = 9; i >= 0; i--) bits = (bits << 7n) | BigInt((this.bytes[start + i] ?? 0) & 127);
    return Number(BigInt.asIntN(64, bits));
  }

  /** The nested message, which must be one. */
  message(): ProtobufReader {
    const { start, end } = this.extent();
    return new ProtobufReader(this.bytes, start, end);
  }

  /** The bytes of a length-delimited field. */
  content(): Buffer {
    const { start, end } = this.extent();
    return this.bytes.subarray(start, end);
  }

  /** A 32-bit float. */
  float(): number {
    this.expectType(5);
    this.advance(4);
    return this.bytes.readFloatLE(this.position - 4);
  }

  text(): string {
    const { start, end } = this.extent();
    return this.bytes.toString('utf8', start, end);
  }

  /** Whether a text equals this ASCII text; undefined if it is empty. Unlike `text`, it creates no string. */
  textIs(wanted: string): boolean | undefined {
    const size = this.varint();
    const start = this.position;
    this.expectType(2);
    this.advance(size);
    if (size === 0) return undefined;
    if (size !== wanted.length) return false;
    for (let i = 0; i < size; i++) if (this.bytes[start + i] !== wanted.charCodeAt(i)) return false;
    return true;
  }

  /** A repeated int64 field, packed or not; appends to `into`. */
  integers(into: number[]): void {
    if (this.wireType === 0) {
      into.push(this.int64());
      return;
    }
    const packed = this.message();
    while (packed.position < packed.end) into.push(packed.int64());
  }

  skip(): void {
    if (this.wireType === 0) this.varint();
    else if (this.wireType === 2) this.extent();
    else if (this.wireType === 1) this.advance(8);
    else if (this.wireType === 5) this.advance(4);
    else throw this.damage(`wire type ${this.wireType}`);
  }

  /** Refuses a field with the wrong wire type. */
  expectType(wireType: number): void {
    if (this.wireType !== wireType) throw this.damage(`wire type ${this.wireType} for field ${this.field}`);
  }

  damage(what: string): Damage {
    return new Damage(`${what} at byte ${this.position}`);
  }

  private extent(): { start: number; end: number } {
    this.expectType(2);
    const size = this.varint();
    const start = this.position;
    this.advance(size);
    return { start, end: this.position };
  }

  private advance(size: number): void {
    if (size > this.end - this.position) {
      throw this.damage(`a length of ${size} bytes where ${this.end - this.position} are left`);
    }
    this.position += size;
  }
}

/** The damage in a file; the caller adds the file, the expected content and advice. */
export class Damage extends Error {}
