import type { Command } from 'commander';
import { rebuildAddon } from '../../native/rebuild';

export function registerRebuild(program: Command): void {
  program
    .command('rebuild')
    .description('compile the native addon for this machine (needs g++, make and python3)')
    .action(async () => {
      const folder = await rebuildAddon((text) => console.error(`${text} …`));
      console.log(`The native addon is compiled: ${folder}`);
    });
}
