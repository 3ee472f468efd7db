import type { ServeMetrics } from '../metrics';
import type { ModelService } from '../service/model-service';
import type { SharedRegions } from '../shared-memory/regions';
import type { BodyBudget } from './read-body';

/** What the routes need. */
export interface RestParts {
  readonly service: ModelService;
  readonly metrics: ServeMetrics;
  readonly budget: BodyBudget;
  /** Absent if this server takes no shared memory. */
  readonly regions: SharedRegions | undefined;
}
