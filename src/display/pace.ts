/** The rate is that of the last so many milliseconds. */
const windowMs = 20_000;

/** Rate and time left of a job, from how much is done now and then. */
export class Pace {
  private readonly marks: { readonly at: number; readonly done: number }[] = [];

  /** In words; nothing until it is known. */
  describe(done: number, total: number): string[] {
    const at = performance.now();
    if (this.marks.at(-1)?.done !== done) this.marks.push({ at, done });
    while ((this.marks[1]?.at ?? at) < at - windowMs) this.marks.shift();
    const [first] = this.marks;
    if (first === undefined || done <= first.done || at === first.at) return [];
    const rate = ((done - first.done) / (at - first.at)) * 1000;
    return [`${rate.toFixed(1)}/s`, ...(done < total ? [`${timeText((total - done) / rate)} left`] : [])];
  }
}

/** `45 s`, `12 min`, `3.5 h`. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
