import type { Command } from 'commander';
import { suggestModels } from '../completion/suggestions';
import { readClassifierConfig } from '../infer/classifier-config';
import { addFlags, flagValues } from '../infer/parse-flags';
import { readRequest } from '../infer/request';
import { commandLineOf } from '../infer/resume';
import { runInfer } from '../infer/run-infer';

/** Adds `paddlelab infer`: does what the deploy scripts of PaddleDetection, PaddleSeg and PaddleClas do. */
export function registerInfer(program: Command): void {
  const command = suggestModels(program.command('infer'), 'first')
    .description('predict on images, folders, lists, a video or a camera, and write the results')
    .argument(
      '[model]',
      'folder of the exported model, or name of an official one, unless --model-dir or --config names it',
    )
    .argument('[inputs...]', 'images, folders, patterns, lists (.txt), a video, or - for standard input');
  addFlags(command).action(async (model: string | undefined, inputs: string[], options: Record<string, unknown>) => {
    const positional = [...(model === undefined ? [] : [model]), ...inputs];
    const given = flagValues(options);
    const classifier = await readClassifierConfig(
      given.config as string | undefined,
      (given.override ?? []) as string[],
    );
    process.exitCode = await runInfer(readRequest(positional, given, classifier), commandLineOf(program));
  });
  command.addHelpText('after', () => help);
}

const help = `
Flags of Paddle's scripts work unchanged, with underscores and Python's True and
False; a flag without effect prints a note.

Examples:
  paddlelab infer models/ppyoloe photos/ --threshold 0.6
  paddlelab infer --model_dir=model --image_file=street.jpg --use_gpu=False
  paddlelab infer --config model/deploy.yaml --image_path street.png
  paddlelab infer models/ppyoloe --camera_id 0
  paddlelab infer models/ppyoloe 'photos/**/*.jpg' --save picture,coco --resume
  paddlelab infer models/ppyoloe photos/ --save picture,csv --shard 2/3
  paddlelab infer models/ppyoloe photos/ --save csv --queue redis://queue:6379
  paddlelab infer http://host:8080/object-detection photos/

With --shard the images are divided among processes or machines; afterwards
\`paddlelab merge\` writes what one run would have. With --queue the processes
of \`paddlelab worker\` do it, on any machine, and this one waits for them.

Exit codes: 0 all done, 1 nothing could be done, 2 usage error, 3 some inputs
failed or a video broke off, 130 interrupted. Ending a video or camera with q
or Ctrl-C keeps everything up to there and counts as done: 0.`;
