import path from 'node:path';
import { writeTextAtomically } from '../files/atomic-file';
import { readdir } from '../files/fs';

/** OpenVINO reads its devices and their default properties from this file beside its library, if there is one. */
const settingsFile = 'plugins.xml';
const cpuPlugin = 'libopenvino_intel_cpu_plugin.so';

/**
 * OpenVINO keeps each operator that it prepared for a shape of inputs, up to 5000 of them for each model: gigabytes where
 * every image has its own size. With 100 the memory of pages of all sizes stops to grow, at the same speed; only a
 * recogniser that is given the same thirty widths again and again is slower than with 1000.
 */
const keptOperators = 100;

/** Bounds the memory that OpenVINO takes for shapes of inputs, in a runtime that paddlelab installed. */
export async function boundOpenvinoCache(libraryPath: readonly string[]): Promise<void> {
  for (const folder of libraryPath) {
    const names: readonly string[] = await readdir(folder).catch(() => []);
    if (names.includes(cpuPlugin) && !names.includes(settingsFile)) {
      await writeTextAtomically(path.join(folder, settingsFile), settings);
    }
  }
}

const settings = `<ie>
  <plugins>
    <plugin name="CPU" location="${cpuPlugin}">
      <properties>
        <property key="CPU_RUNTIME_CACHE_CAPACITY" value="${keptOperators}"/>
      </properties>
    </plugin>
  </plugins>
</ie>
`;
