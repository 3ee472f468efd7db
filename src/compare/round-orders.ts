import { seededRandom } from '../metrics/statistics';

/**
 * The order of the backends in each round: random, and every second round is the reverse of the previous one, so that
 * early and late positions are balanced, and a steady slowdown of the machine favours no backend.
 */
export function roundOrders(count: number, rounds: number, seed: number): number[][] {
  const random = seededRandom(seed);
  const orders: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const before = orders[round - 1];
    if (round % 2 === 1 && before !== undefined) {
      orders.push([...before].reverse());
      continue;
    }
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    orders.push(order);
  }
  return orders;
}
