/** A way of showing a picture on a terminal. */
export interface GraphicsProtocol {
  name: string;
  /** Whether a terminal with this environment understands it. */
  isUnderstood(environment: NodeJS.ProcessEnv): boolean;
  /** The bytes to write for the bytes of a PNG file; `columns` is the width of the terminal in characters. */
  encode(png: Buffer, columns: number): Promise<string>;
}
