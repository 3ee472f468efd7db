import type { Command } from 'commander';
import { rebuildAddon } from '../../native/rebuild';
import { say, tell } from '../print';

export function registerRebuild(program: Command): void {
  program
    .command('rebuild')
    .description('compile the native addon for this machine (needs g++, make and python3)')
    .action(async () => {
      const folder = await rebuildAddon((text) => tell(`${text} …`));
      say(`The native addon is compiled: ${folder}`);
    });
}
