import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { camera } from '../../infer/camera';
import { inferVideo } from '../../infer/infer-video';
import { videoFile } from '../../infer/video-source';
import { findFfmpeg } from '../../video/ffmpeg';
import { videoConsole } from './console/video-console';
import { interruptible } from './interruptible';
import { defaultThreshold, loadFor, shapeFor } from './load-for';
import { onKey } from './on-key';
import type { InferRequest, InferSource } from './request';

type MovingSource = Exclude<InferSource, { readonly kind: 'images' }>;

const exitBroken = 3;

/** Predicts on a video or a camera; answers the exit code. `q` and Ctrl-C end it with a video that can be watched. */
export async function runVideo(request: InferRequest, from: MovingSource): Promise<number> {
  const { outputDir, existing, batchSize, style } = request;
  const file = path.resolve(outputDir, `${from.kind === 'camera' ? 'output' : path.parse(from.file).name}.mp4`);
  if (existing !== 'overwrite') await refuseExisting(file);
  refuseOutputs(request);
  return interruptible(async (signal) => {
    await findFfmpeg('ffmpeg');
    const source = from.kind === 'camera' ? camera(from.id) : await videoFile(from.file);
    const { parallel, threads } = shapeFor(request, source.frameCount ?? Number.POSITIVE_INFINITY);
    const model = await loadFor(request, threads, signal);
    const stop = new AbortController();
    signal.addEventListener('abort', () => stop.abort());
    const release = onKey('q', () => stop.abort());
    const told = videoConsole(request.console, source);
    try {
      const threshold = request.threshold ?? defaultThreshold(model);
      told.begin(model, parallel);
      const run = await inferVideo(model, source, {
        ...{ file, style, threshold, parallel, batchSize, stop: stop.signal },
        onFrame: told.frame,
      });
      told.end(run, file);
      return run.brokenBy === undefined ? 0 : exitBroken;
    } finally {
      told.close();
      release();
      await model.dispose();
    }
  });
}

async function refuseExisting(file: string): Promise<void> {
  if ((await stat(file).catch(() => undefined)) === undefined) return;
  throw new PaddleLabError('FILE_UNWRITABLE', `${file} is there already; use --overwrite, or another --output-dir`);
}

function refuseOutputs({ outputs, existing }: InferRequest): void {
  if (outputs?.includes('coco'))
    process.stderr.write('note: --save-results changes nothing for a video, as in the scripts\n');
  const wrong = outputs?.find((name) => name !== 'picture' && name !== 'coco');
  if (wrong !== undefined) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected no --save ${wrong} for a video; --json prints a line a frame`,
    );
  }
  if (existing === 'resume')
    throw new PaddleLabError('INVALID_ARGUMENT', 'A video can not be resumed; use --overwrite');
}
