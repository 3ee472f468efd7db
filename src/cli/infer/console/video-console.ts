import path from 'node:path';
import type { DoneFrame, VideoRun } from '../../../infer/infer-video';
import type { RecordedSource } from '../../../infer/video-source';
import type { AnyModel } from '../../../model/load-model';
import { say, tell } from '../../print';
import type { InferRequest } from '../request';
import { type RateBar, rateBar } from './rate-bar';
import { describe } from './summary-console';

/** Output of a run over a video on the terminal. */
export interface VideoConsole {
  begin(model: AnyModel, parallel: number): void;
  frame(frame: DoneFrame): void;
  /** @param files the written files, the video first */
  end(run: VideoRun, files: readonly string[]): void;
  /** Restores the terminal, also after an error. */
  close(): void;
}

export function videoConsole(kind: InferRequest['console'], source: RecordedSource): VideoConsole {
  if (kind === 'json') return jsonVideo();
  return kind === 'paddle' ? paddleVideo(source) : progressVideo(source);
}

function jsonVideo(): VideoConsole {
  return {
    begin: () => undefined,
    frame: ({ index, time, result }) => {
      say(JSON.stringify({ frame: index, time, ...result }));
    },
    end: reportBroken,
    close: () => undefined,
  };
}

/** The lines of PaddleDetection's scripts since 2.3. */
function paddleVideo({ fps, frameCount }: RecordedSource): VideoConsole {
  return {
    begin: () => say(`fps: ${Math.trunc(fps)}, frame_count: ${frameCount ?? 0}`),
    frame: ({ index }) => say(`detect frame: ${index + 1}`),
    end: (run, files) => {
      reportBroken(run);
      for (const file of files) {
        const name = path.parse(file);
        const line = name.ext === '.mp4' ? 'save result to:' : `The ${name.name} result is saved to`;
        say(`${line} ${file}`);
      }
    },
    close: () => undefined,
  };
}

function progressVideo({ kind, name, frameCount }: RecordedSource): VideoConsole {
  const started = performance.now();
  let bar: RateBar | undefined;
  return {
    begin: (model, parallel) => {
      const keys = process.stdin.isTTY ? 'q' : 'Ctrl-C';
      const hint = kind === 'camera' ? `waiting for ${name}, ${keys} ends the video` : `${keys} ends the video here`;
      tell(`${describe(model, parallel)}; ${hint}`);
      bar = rateBar(frameCount, 'frames');
    },
    frame: () => bar?.increment(),
    end: (run, files) => {
      bar?.stop();
      reportBroken(run);
      const rate = ((run.frames / (performance.now() - started)) * 1000).toFixed(1);
      const droppedText =
        run.dropped === 0 ? '' : `; ${run.dropped} more came faster than they could be processed and were skipped`;
      say(`${run.frames} frames (${run.seconds.toFixed(1)} s) at ${rate} frames/s${droppedText}`);
      for (const file of files) say(file);
    },
    close: () => bar?.stop(),
  };
}

function reportBroken({ sourceError, frames }: VideoRun): void {
  if (sourceError === undefined) return;
  tell(`The video could only be read up to frame ${frames}, and ends there: ${sourceError}`);
}
