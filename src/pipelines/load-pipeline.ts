import { connectionOf, httpClient } from '../backends/open-inference/http-connection';
import { checkUrl } from '../backends/open-inference/options';
import { ServerPool } from '../backends/open-inference/server-pool';
import { PaddleLabError } from '../errors';
import { invalidArgument } from '../validate';
import { type LoadPipelineOptions, readPipelineOptions } from './options';
import { Pipeline } from './pipeline';
import { PipelineServer } from './pipeline-server';
import { type PipelineTask, pipelineTasks } from './pipeline-tasks';

/**
 * Connects to a pipeline of PaddleX's basic serving, `http://host:8080` or `http://host:8080/object-detection`; several
 * servers share the load. `predict` takes it in place of a model. Images are sent, and the answers become the same results
 * as those of local models.
 *
 * @throws PaddleLabError REMOTE_FAILED, MODEL_NOT_FOUND (no such pipeline there), FILE_NOT_FOUND (certificates),
 *   INVALID_ARGUMENT, UNKNOWN_OPTION, ABORTED
 */
export async function loadPipeline<T extends PipelineTask>(
  url: string | readonly string[],
  options: LoadPipelineOptions & { readonly task: T },
): Promise<Pipeline<T>>;
export async function loadPipeline(url: string | readonly string[], options?: LoadPipelineOptions): Promise<Pipeline>;
export async function loadPipeline(
  url: string | readonly string[],
  options: LoadPipelineOptions = {},
): Promise<Pipeline> {
  const given = readPipelineOptions(options);
  const { timeoutMs = 60_000, retries = 3, connections = 16, largestAnswer = 2 ** 30, token, headers, signal } = given;
  const login: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const addresses = (typeof url === 'string' ? [url] : url).map(addressOf);
  if (addresses.length === 0) throw invalidArgument('url', 'one URL or more', '[]');
  const client = httpClient(await connectionOf(given), connections);
  try {
    const servers = addresses.map(({ server }) => {
      return new PipelineServer(server, { ...headers, ...login }, largestAnswer, client);
    });
    const pool = new ServerPool(servers, { timeoutMs, retries, options: '' });
    const task = taskOf(addresses, given.task) ?? (await askTask(pool, signal));
    const url = await pool.ask(async (server, limit) => {
      await server.checkHealth(limit);
      return server.url;
    }, signal);
    const { labels = [], parameters = {} } = given;
    return new Pipeline(task, url, pool, { labels, parameters }, () => client.close());
  } catch (error) {
    await client.close();
    throw error;
  }
}

interface ServerAddress {
  readonly server: string;
  readonly task: PipelineTask | undefined;
}

/** The server of a URL, and the pipeline that it names. */
function addressOf(url: unknown): ServerAddress {
  const checked = checkUrl('url', url);
  if (!/^https?:/i.test(checked)) throw invalidArgument('url', 'URL of a server, such as http://host:8080', url);
  const parsed = new URL(checked);
  const task = pipelineTasks.find((one) => parsed.pathname.replace(/\/+$/, '').endsWith(`/${one}`));
  parsed.pathname = parsed.pathname.replace(/\/+$/, '').slice(0, task === undefined ? undefined : -task.length - 1);
  parsed.search = '';
  parsed.hash = '';
  return { server: parsed.href, task };
}

function taskOf(addresses: readonly ServerAddress[], given: PipelineTask | undefined): PipelineTask | undefined {
  const named = [given, ...addresses.map(({ task }) => task)].filter((task) => task !== undefined);
  const other = named.find((task) => task !== named[0]);
  if (other === undefined) return named[0];
  throw invalidArgument('task', `${named[0]} for all URLs`, other);
}

async function askTask(pool: ServerPool<PipelineServer>, signal: AbortSignal | undefined): Promise<PipelineTask> {
  const { url, paths } = await pool.ask(async (server, limit) => {
    return { url: server.url, paths: await server.endpoints(limit) };
  }, signal);
  const found = pipelineTasks.filter((task) => paths.includes(`/${task}`));
  if (found.length === 1) return found[0]!;
  const offered = paths.filter((path) => path !== '/health').join(', ') || 'nothing';
  const advice = found.length > 1 ? 'give the option task' : `here are: ${pipelineTasks.join(', ')}`;
  throw new PaddleLabError(
    'MODEL_NOT_FOUND',
    `${url}: Expected one pipeline but the server offers ${offered}; ${advice}`,
  );
}
