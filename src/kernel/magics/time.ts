import type { Magic } from './magic';

export const time: Magic = {
  name: 'time',
  kind: 'cell',
  usage: '%%time',
  summary: 'runs the cell and prints how long it took, and the processor time of all threads',
  async run({ run, print }, _argument, body) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    const outcome = await run(body);
    const elapsed = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    print(`time: ${milliseconds(elapsed)}, processors: ${milliseconds((user + system) / 1000)}`);
    return outcome;
  },
};

export function milliseconds(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return value >= 1 ? `${value.toFixed(1)} ms` : `${(value * 1000).toFixed(1)} µs`;
}
