import type { Registry } from 'prom-client';
import { findOptional, loadOptional } from '../optional-package';
import type { ModelService } from './service/model-service';
import type { Outcome } from './service/observer';
import type { SharedRegions } from './shared-memory/regions';

type PromClient = typeof import('prom-client');

const packageName = 'prom-client';
/** From a millisecond to a minute. */
const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];
const batchSizes = [1, 2, 4, 8, 16, 32, 64, 128];
/** Refused before anything was run. */
const refusals: readonly Outcome[] = ['SERVER_BUSY', 'NOT_READY', 'TOO_LARGE', 'LOGIN_FAILED'];

/** What the server counts, in the form that Prometheus reads. */
export interface ServeMetrics {
  readonly contentType: string;
  /** @throws PaddleLabError TOOL_FAILED if prom-client is not installed */
  text(): Promise<string>;
  /** A request that was refused before it reached a model. */
  refused(outcome: Outcome): void;
}

/** Starts to count, if prom-client is installed. */
export function collectMetrics(service: ModelService, regions: SharedRegions | undefined): ServeMetrics {
  const client = findOptional<PromClient>(packageName);
  if (client === undefined) {
    const text = async (): Promise<never> => loadOptional(packageName, 'for the metrics of this server');
    return { contentType: 'text/plain', text, refused: () => undefined };
  }
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  const refused = new client.Counter({
    ...common(registry, 'rejected_total', 'Requests that were refused before anything was run'),
    labelNames: ['code'],
  });
  observe(client, registry, service, (outcome) => {
    if (refusals.includes(outcome)) refused.inc({ code: outcome });
  });
  gauge(client, registry, service);
  if (regions !== undefined) gaugeRegions(client, registry, regions);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    refused: (outcome) => refused.inc({ code: outcome }),
  };
}

function common(registry: Registry, name: string, help: string): { name: string; help: string; registers: Registry[] } {
  return { name: `paddlelab_${name}`, help, registers: [registry] };
}

function observe(
  client: PromClient,
  registry: Registry,
  service: ModelService,
  refused: (outcome: Outcome) => void,
): void {
  const requests = new client.Counter({
    ...common(registry, 'requests_total', 'Requests for a run, by model and outcome: OK or the code of the error'),
    labelNames: ['model', 'status'],
  });
  const latency = new client.Histogram({
    ...common(registry, 'request_seconds', 'Time of a request from its arrival to its result, waiting included'),
    ...{ labelNames: ['model'], buckets: seconds },
  });
  const runs = new client.Histogram({
    ...common(registry, 'run_seconds', 'Time of a run of a network'),
    ...{ labelNames: ['model'], buckets: seconds },
  });
  const batches = new client.Histogram({
    ...common(registry, 'batch_size', 'Requests that shared a run'),
    ...{ labelNames: ['model'], buckets: batchSizes },
  });
  service.observers.push({
    finished({ model, outcome, milliseconds }) {
      requests.inc({ model, status: outcome });
      latency.observe({ model }, milliseconds / 1000);
      refused(outcome);
    },
    ran({ model, requests, milliseconds }) {
      runs.observe({ model }, milliseconds / 1000);
      batches.observe({ model }, requests);
    },
  });
}

function gauge(client: PromClient, registry: Registry, service: ModelService): void {
  new client.Gauge({
    ...common(registry, 'queue_length', 'Requests that wait for a session'),
    labelNames: ['model'],
    collect() {
      for (const [model, waiting] of service.waiting) this.set({ model }, waiting);
    },
  });
  new client.Gauge({
    ...common(registry, 'requests_running', 'Requests that are being received, run or answered'),
    collect() {
      this.set(service.running);
    },
  });
  new client.Gauge({
    ...common(registry, 'model_ready', 'Whether a model is loaded and warm'),
    labelNames: ['model'],
    collect() {
      for (const { name, state } of service.index()) this.set({ model: name }, state === 'READY' ? 1 : 0);
    },
  });
}

function gaugeRegions(client: PromClient, registry: Registry, regions: SharedRegions): void {
  new client.Gauge({
    ...common(registry, 'shared_memory_regions', 'Regions of shared memory that clients have registered'),
    collect() {
      this.set(regions.count);
    },
  });
}
