import { createRequire } from 'node:module';
import path from 'node:path';
import type * as bullmq from 'bullmq';
import type { Redis } from 'ioredis';
import { messageOf, PaddleLabError } from '../../errors';

/** The packages of a queue, which are installed only where one is used. */
export interface QueuePackages {
  readonly bullmq: typeof bullmq;
  readonly Redis: typeof Redis;
}

const names = ['bullmq', 'ioredis'] as const;

/**
 * Loads BullMQ and its client of Redis.
 *
 * @param bases files beside whose `node_modules` they are looked for: the project in the current folder, this package
 * @throws PaddleLabError TOOL_FAILED if one is missing
 */
export function loadQueuePackages(
  bases: readonly string[] = [path.join(process.cwd(), 'any.js'), __filename],
): QueuePackages {
  for (const base of bases) {
    const found = createRequire(base);
    if (!names.every((name) => canResolve(found, name))) continue;
    try {
      return { bullmq: found('bullmq') as typeof bullmq, Redis: (found('ioredis') as { Redis: typeof Redis }).Redis };
    } catch (error) {
      const text = `Can't load ${names.join(' and ')}, which a queue needs: ${messageOf(error)}`;
      throw new PaddleLabError('TOOL_FAILED', text, { cause: error });
    }
  }
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected the packages ${names.join(' and ')} for a queue but not both are installed: npm install ${names.join(' ')}`,
  );
}

function canResolve(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch {
    return false;
  }
}
