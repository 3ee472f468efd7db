import { type Command, Option } from 'commander';
import { PROTOCOL_NAMES } from '../../repl/graphics/graphics-protocols';
import { runRepl } from '../../repl/repl';

/** Adds `paddlelab repl`. */
export function registerRepl(program: Command): void {
  program
    .command('repl')
    .description('start a prompt with the language and helpers of notebooks')
    .addOption(
      new Option('--graphics <protocol>', 'how to show pictures on this terminal')
        .choices(['auto', ...PROTOCOL_NAMES, 'none'])
        .default('auto'),
    )
    .action(async ({ graphics }: { graphics: string }) => {
      process.exitCode = await runRepl({ graphics });
    });
}
