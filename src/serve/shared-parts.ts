import type { BufferPool } from './buffer-pool';
import type { MemoryBudget } from './memory-budget';
import type { ServeMetrics } from './metrics';
import type { SharedRegions } from './shared-memory/regions';
import type { ServeTls } from './tls';

/** What HTTP and gRPC have in common. */
export interface SharedParts {
  readonly metrics: ServeMetrics;
  readonly memory: MemoryBudget;
  readonly pool: BufferPool;
  readonly regions: SharedRegions | undefined;
  readonly tls: ServeTls | undefined;
}
