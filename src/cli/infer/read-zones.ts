import type { NamedZone } from '../../infer/summaries/zones';
import type { ZonePoint } from '../../zones/zone-shape';
import { refuse } from './refuse';

/** Reads `--zone name=x,y,x,y,…`: two points are a line, more are the corners of a polygon. */
export function readZones(texts: readonly string[]): readonly NamedZone[] {
  const zones = texts.map(readZone);
  const double = zones.find(({ name }, index) => zones.findIndex((other) => other.name === name) !== index);
  if (double !== undefined) throw refuse(`Expected zones with different names but received two named ${double.name}`);
  return zones;
}

function readZone(text: string): NamedZone {
  const [, name, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const numbers = list?.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part))) ?? [];
  if (name === undefined || numbers.length < 4 || numbers.length % 2 === 1 || !numbers.every(Number.isFinite)) {
    throw refuse(`Expected name=x,y,x,y (a line) or name=x,y,x,y,x,y,… (a polygon) for --zone but received "${text}"`);
  }
  const points = Array.from(
    { length: numbers.length / 2 },
    (_, i): ZonePoint => [numbers[2 * i]!, numbers[2 * i + 1]!],
  );
  const [from, to] = points as [ZonePoint, ZonePoint];
  return { name, shape: points.length === 2 ? { kind: 'line', from, to } : { kind: 'polygon', points } };
}
