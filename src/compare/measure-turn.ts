import type { Reply, TurnRequest } from './measuring-protocol';

type TurnReply = Extract<Reply, { kind: 'turned' }>;

/**
 * Times runs one after another, concurrently on all sessions.
 *
 * @param run runs once on a session, given by its index
 */
export async function measureTurn(
  { feeds, warmup, runs, maxMs }: TurnRequest,
  sessions: number,
  run: (session: number, feed: number) => Promise<void>,
): Promise<TurnReply> {
  const feedOf = (i: number): number => feeds[i % feeds.length] ?? 0;
  const each = async (work: (session: number) => Promise<void>): Promise<void> => {
    await Promise.all(Array.from({ length: sessions }, (_, session) => work(session)));
  };
  await each(async (session) => {
    for (let i = 0; i < warmup; i++) await run(session, feedOf(i));
  });
  const latenciesMs: number[] = [];
  const started = performance.now();
  let begun = 0;
  await each(async (session) => {
    while (begun < Math.max(runs, sessions) && (begun < sessions || performance.now() - started < maxMs)) {
      const feed = feedOf(begun++);
      const before = performance.now();
      await run(session, feed);
      latenciesMs.push(performance.now() - before);
    }
  });
  return { kind: 'turned', latenciesMs, wallMs: performance.now() - started };
}
