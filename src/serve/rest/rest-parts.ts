import type { ServeMetrics } from '../metrics';
import type { ModelService } from '../service/model-service';
import type { BodyBudget } from './read-body';

/** What the routes need. */
export interface RestParts {
  readonly service: ModelService;
  readonly metrics: ServeMetrics;
  readonly budget: BodyBudget;
}
