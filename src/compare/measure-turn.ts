import type { Reply, TurnRequest } from './protocol';

type Turned = Extract<Reply, { kind: 'turned' }>;

/**
 * Times runs one after another, in as many lanes at once as there are predictors.
 *
 * @param run one run of a lane on a feed
 */
export async function measureTurn(
  { feeds, warmup, runs, maxMs }: TurnRequest,
  lanes: number,
  run: (lane: number, feed: number) => Promise<void>,
): Promise<Turned> {
  const feedOf = (i: number): number => feeds[i % feeds.length] ?? 0;
  const each = async (work: (lane: number) => Promise<void>): Promise<void> => {
    await Promise.all(Array.from({ length: lanes }, (_, lane) => work(lane)));
  };
  await each(async (lane) => {
    for (let i = 0; i < warmup; i++) await run(lane, feedOf(i));
  });
  const latenciesMs: number[] = [];
  const started = performance.now();
  let begun = 0;
  await each(async (lane) => {
    while (begun < Math.max(runs, lanes) && (begun < lanes || performance.now() - started < maxMs)) {
      const feed = feedOf(begun++);
      const before = performance.now();
      await run(lane, feed);
      latenciesMs.push(performance.now() - before);
    }
  });
  return { kind: 'turned', latenciesMs, wallMs: performance.now() - started };
}
