import { showControlsInLines } from './text/controls';

/** What went wrong, as a stable word to branch on. */
export type PaddleLabErrorCode =
  /** An argument or option has the wrong type or value. */
  | 'INVALID_ARGUMENT'
  /** An option key that does not exist; the message names the nearest one. */
  | 'UNKNOWN_OPTION'
  /** The compiled addon is missing or does not load. */
  | 'ADDON_UNAVAILABLE'
  /** A bundler has put this package into a file of its own, away from the package's other files. */
  | 'PACKAGE_BUNDLED'
  /** No Paddle runtime was found in any of the places looked at. */
  | 'RUNTIME_NOT_FOUND'
  /** A folder was named as a Paddle runtime, but it is none, or it does not load. */
  | 'RUNTIME_INVALID'
  /** Another Paddle runtime is already loaded in this process. */
  | 'RUNTIME_CONFLICT'
  /** Fetching, checking or unpacking a runtime failed. */
  | 'RUNTIME_INSTALL_FAILED'
  /** No source gave the model or font that was asked for by name. */
  | 'DOWNLOAD_FAILED'
  /** A file or directory does not exist or can't be read. */
  | 'FILE_NOT_FOUND'
  /** A file can't be written: no room, no permission, or it is there and must not be replaced. */
  | 'FILE_UNWRITABLE'
  /** A directory holds no model in a layout that is known, or there is no model of this name. */
  | 'MODEL_NOT_FOUND'
  /** The model is of a kind that is not supported. */
  | 'MODEL_UNSUPPORTED'
  /** A program or parameter file is not what its name says. */
  | 'MODEL_DAMAGED'
  /** A YAML configuration is malformed, or lacks or mistypes a key. */
  | 'CONFIG_INVALID'
  /** A data set is malformed, or its classes are not the model's; the message has the file and the place in it. */
  | 'DATASET_INVALID'
  /** An image can't be decoded. */
  | 'IMAGE_UNREADABLE'
  /** A font can't be read: damaged, or of a format that is not read. */
  | 'FONT_UNREADABLE'
  /** The device asked for is not there, or this runtime was built without it. */
  | 'DEVICE_UNAVAILABLE'
  /** The engine or precision asked for is not in this runtime, or does not take this model. */
  | 'ENGINE_UNAVAILABLE'
  /** This Paddle version has no such method. */
  | 'METHOD_UNAVAILABLE'
  /** Paddle refused to create a predictor. */
  | 'PREDICTOR_CREATE_FAILED'
  /** Paddle failed while running a predictor. */
  | 'PREDICTOR_RUN_FAILED'
  /** A server that runs a model can't be reached, refuses a request, or answers something that is wrong. */
  | 'REMOTE_FAILED'
  /** A server of ours has too much to do: its queue is full. */
  | 'SERVER_BUSY'
  /** A server of ours, or a model on it, is being loaded, was unloaded, or ends. */
  | 'NOT_READY'
  /** The time that a request to a server of ours may take is over. */
  | 'TIMED_OUT'
  /** A request to a server of ours is beyond its limits. */
  | 'TOO_LARGE'
  /** A request to a server of ours has no token, or another one. */
  | 'LOGIN_FAILED'
  /** The queue of a run can't be reached, or refuses. */
  | 'QUEUE_FAILED'
  /** The workers of a queue died while they worked on an image, or failed otherwise. */
  | 'WORKER_FAILED'
  /** The outputs of a network hold numbers that mean nothing, such as NaN. */
  | 'OUTPUT_INVALID'
  /** What only a notebook can do was asked of a process that is not its kernel. */
  | 'NOTEBOOK_NEEDED'
  /** The predictor, model or widget was disposed before. */
  | 'DISPOSED'
  /** Given up, because its AbortSignal fired. */
  | 'ABORTED'
  /** A command line tool that is needed is missing or failed. */
  | 'TOOL_FAILED';

/**
 * The one error class of paddlelab.
 *
 * `code` says which kind of failure it is, `message` what was expected, what came and what to do next, and `cause`
 * holds the native or underlying error where there is one.
 *
 * @example
 * try {
 *   await loadModel('no/such/folder');
 * } catch (error) {
 *   if (error instanceof PaddleLabError && error.code === 'FILE_NOT_FOUND') console.log(error.message);
 * }
 */
export class PaddleLabError extends Error {
  readonly code: PaddleLabErrorCode;

  constructor(code: PaddleLabErrorCode, message: string, options?: { cause?: unknown }) {
    // It may quote labels and file names, and is printed by whatever catches it.
    super(showControlsInLines(message), options);
    this.name = 'PaddleLabError';
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
