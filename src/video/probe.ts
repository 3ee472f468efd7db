import { PaddleLabError } from '../errors';
import { runProcess } from '../processes/run-process';
import { findFfmpeg, onlyFiles, toolFailed } from './ffmpeg';
import { findVideo } from './find-video';

/** The metadata of a video file. */
export interface VideoInfo {
  /** Average frames per second. */
  readonly fps: number;
  /** In seconds; undefined if the file does not state it. */
  readonly duration: number | undefined;
  /** Undefined if the file does not state it. */
  readonly frames: number | undefined;
}

interface Probe {
  readonly streams?: readonly {
    avg_frame_rate?: string;
    r_frame_rate?: string;
    nb_frames?: string;
    duration?: string;
    start_time?: string;
  }[];
  readonly format?: { readonly duration?: string; readonly start_time?: string };
}

/**
 * Reads the metadata of the first video stream of a file.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT (a playlist), IMAGE_UNREADABLE (no video in it), TOOL_FAILED
 */
export async function probeVideo(file: string): Promise<VideoInfo> {
  const target = await findVideo(file);
  const command = await findFfmpeg('ffprobe');
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_streams',
    '-show_format',
    '-of',
    'json',
    ...onlyFiles,
    target,
  ];
  const { code, stdout, stderr } = await runProcess([command], args);
  if (code !== 0) throw toolFailed(`read ${target}`, stderr);
  const probe: Probe = JSON.parse(stdout);
  const stream = probe.streams?.[0];
  if (stream === undefined)
    throw new PaddleLabError('IMAGE_UNREADABLE', `Expected a video but ${target} contains none`);
  const fps = rate(stream.avg_frame_rate) ?? rate(stream.r_frame_rate) ?? 25;
  return { fps, duration: positive(stream.duration) ?? restOf(probe), frames: positive(stream.nb_frames) };
}

/** The time from the first picture to the end of the file, for formats that give no more: sound may begin earlier. */
function restOf({ streams, format }: Probe): number | undefined {
  const late = Number(streams?.[0]?.start_time ?? 0) - Number(format?.start_time ?? 0);
  return positive(Number(format?.duration) - (late > 0 ? late : 0));
}

/** `30000/1001`. */
function rate(text: string | undefined): number | undefined {
  const [over = 0, under = 1] = (text ?? '').split('/').map(Number);
  return over > 0 && under > 0 ? over / under : undefined;
}

function positive(text: string | number | undefined): number | undefined {
  const value = Number(text);
  return value > 0 ? value : undefined;
}
