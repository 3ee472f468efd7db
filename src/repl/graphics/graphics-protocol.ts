/** A protocol for showing pictures on a terminal. */
export interface GraphicsProtocol {
  name: string;
  /** Whether a terminal with this environment supports it. */
  isUnderstood(environment: NodeJS.ProcessEnv): boolean;
  /** Encodes a PNG file as terminal output; `columns` is the width of the terminal in characters. */
  encode(png: Buffer, columns: number): Promise<string>;
}
