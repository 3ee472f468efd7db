import { afterAll, describe, expect, test } from 'vitest';
import { observationsOfOthers, saveObservations, writeComparison } from '../helpers/comparison-table';
import { ensureOtherKernels, type OtherKernel } from '../helpers/other-kernels.cjs';
import { PROBES } from './other-kernels/registry';

// What the comparison in src/kernel/README.md says of other kernels is what is seen here. `UPDATE_DOCS=1` writes it; what
// was seen of the same version before, and not again, stays beside it, until it is deleted from the file.
const isUpdate = process.env.UPDATE_DOCS === '1';
const others = ensureOtherKernels() ?? [];
const known = observationsOfOthers();

afterAll(() => {
  if (!isUpdate) return;
  saveObservations(known);
  writeComparison(known);
});

describe.skipIf(others.length === 0).each(others)('what is said of $name $version', (kernel) => {
  if (isUpdate && known.versions[kernel.name] !== kernel.version) forget(kernel);

  test('is said of this version', () => expect(known.versions[kernel.name]).toBe(kernel.version));

  test.each(PROBES)('$row', async (probe) => {
    const seen = await probe.try(kernel);
    process.stdout.write(`${kernel.name}, ${probe.row}: ${seen}\n`);
    const before = known.rows[probe.row]?.[kernel.name] ?? [];
    if (!isUpdate) expect(before).toContain(seen);
    else known.rows[probe.row] = { ...known.rows[probe.row], [kernel.name]: [...new Set([...before, seen])] };
  });
});

function forget({ name, version }: OtherKernel): void {
  known.versions[name] = version;
  for (const row of Object.values(known.rows)) delete row[name];
}
