import type { Reply, StageTimes, TurnRequest } from './measuring-protocol';

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

/** Times of one run's stages. */
export type RunStages = { readonly [Stage in keyof StageTimes]: number };

/**
 * The same on one session, with the stages of each run timed separately.
 *
 * @param run runs once, on an image given by its index
 */
export async function measureStages(
  request: TurnRequest,
  run: (image: number) => Promise<RunStages>,
): Promise<TurnReply & { readonly stages: StageTimes }> {
  const all: RunStages[] = [];
  const reply = await measureTurn(request, 1, async (_, image) => {
    all.push(await run(image));
  });
  const counted = all.slice(request.warmup);
  const of = (stage: keyof StageTimes): number[] => counted.map((times) => times[stage]);
  const stages = {
    preprocessMs: of('preprocessMs'),
    inferenceMs: of('inferenceMs'),
    postprocessMs: of('postprocessMs'),
  };
  return { ...reply, stages };
}
