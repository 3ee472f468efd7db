import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { convertToMixedPrecision } from '../../inference/paddle-info';
import { readModelSpec } from '../../model/layouts/registry';

interface ConvertFlags {
  precision: 'fp16' | 'bf16';
  backend: 'gpu' | 'xpu' | 'custom';
  keepIo: boolean;
}

/** Adds `paddlelab convert`: a model with weights of half the size, for devices that run them. */
export function registerConvert(program: Command): void {
  program
    .command('convert <model> <folder>')
    .description('write the model into another folder in mixed precision, for GPUs')
    .addOption(new Option('--precision <name>', 'of the weights').choices(['fp16', 'bf16']).default('fp16'))
    .addOption(new Option('--backend <name>', 'device to run it').choices(['gpu', 'xpu', 'custom']).default('gpu'))
    .option('--no-keep-io', 'inputs and outputs in mixed precision too')
    .action(async (model: string, folder: string, { precision, backend, keepIo }: ConvertFlags) => {
      const { files } = await readModelSpec(model, { format: 'pdmodel', config: undefined });
      const target = (file: string) => path.join(path.resolve(folder), path.basename(file));
      await convertToMixedPrecision(
        files.program,
        files.params,
        target(files.program),
        target(files.params),
        precision,
        backend,
        {
          keepIoTypes: keepIo,
        },
      );
      await copyConfigurations(files.directory, path.resolve(folder));
      console.log(`Wrote ${model} in ${precision} into ${path.resolve(folder)}`);
    });
}

/** What else the folder says of the model. */
async function copyConfigurations(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (/\.(ya?ml|txt)$/i.test(name)) await copyFile(path.join(from, name), path.join(to, name));
  }
}
