import { execFileSync, spawnSync } from 'node:child_process';

/** Whether this machine has ffmpeg; prints which tests are skipped without it. */
export function hasFfmpeg(what: string): boolean {
  if (spawnSync('ffmpeg', ['-version']).status === 0) return true;
  process.stderr.write(`SKIPPED: ${what}, since there is no ffmpeg\n`);
  return false;
}

export interface ProbedVideo {
  readonly codec: string;
  readonly frames: number;
  /** In seconds. */
  readonly duration: number;
  readonly width: number;
  readonly height: number;
  /** `video`, `audio`. */
  readonly streams: readonly string[];
}

/** The actual contents of a video file: its frames are decoded and counted. */
export function probe(file: string): ProbedVideo {
  const text = execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', file], {
    encoding: 'utf8',
  });
  const { streams } = JSON.parse(text) as { streams: Record<string, string>[] };
  const [video] = streams;
  return {
    codec: video!.codec_name!,
    frames: Number(video!.nb_read_frames),
    duration: Number(video!.duration),
    width: Number(video!.width),
    height: Number(video!.height),
    streams: streams.map(({ codec_type }) => codec_type!),
  };
}
