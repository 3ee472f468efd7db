import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { queueName } from '../../src/infer/queue/queue-client';
import { makeFolder } from '../helpers/folders';
import { projectRoot, runProcess } from '../helpers/project';
import { pythonTool } from '../helpers/python-tool';
import { refusalOf } from './command-lines';

// The manifests of docs/kubernetes: by the schemas of Kubernetes, KServe and KEDA, and by our own command line.

const folder = path.join(projectRoot, 'docs/kubernetes');
const files = readdirSync(folder).sort();
const own = makeFolder();

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly containerPort: number }[];
  readonly readinessProbe?: { readonly httpGet?: { readonly path: string; readonly port: number } };
  readonly volumeMounts?: readonly { readonly name: string }[];
}
interface PodSpec {
  readonly containers?: readonly Container[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
}
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: PodSpec & {
    readonly template?: { readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
    readonly completions?: number;
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[];
    readonly scaleTargetRef?: { readonly name: string };
    readonly predictor?: { readonly model: { readonly runtime: string } };
  };
}

const manifests = files.flatMap((file) =>
  (loadAll(readFileSync(path.join(folder, file), 'utf8')) as Manifest[]).map((manifest) => ({ file, manifest })),
);
const podOf = ({ spec }: Manifest): PodSpec => spec.template?.spec ?? spec;
const containers = manifests.flatMap(({ file, manifest }) =>
  (podOf(manifest).containers ?? []).map((container) => ({ file, manifest, container })),
);
const ours = containers.filter(({ container }) => container.command?.[0] === 'paddlelab');
const named = (kind: string): Manifest[] =>
  manifests.map(({ manifest }) => manifest).filter((one) => one.kind === kind);

test('every file is in the page about many machines', () => {
  const page = readFileSync(path.join(projectRoot, 'docs/many-machines.md'), 'utf8');
  for (const file of files) expect(page).toContain(`kubernetes/${file}`);
});

describe('command lines are those of this version', () => {
  beforeAll(() => {
    vi.stubEnv('JOB_COMPLETION_INDEX', '0');
    vi.stubEnv('JOB_COMPLETION_COUNT', '8');
  });
  afterAll(() => vi.unstubAllEnvs());

  test.each(ours.map(({ file, container: { args = [] } }) => [`${file}: ${args[0]}`, args] as const))(
    '%s',
    async (_, args) => {
      expect(await refusalOf(args)).toBeUndefined();
    },
  );

  test('a wrong one is found', async () => {
    expect(await refusalOf(['worker', '--queue=redis://queue', '--rot=/shared'])).toContain('--rot');
  });
});

describe('what belongs together is the same', () => {
  test('the count of shards', () => {
    for (const { manifest, container } of ours.filter(({ container: { args } }) => args?.includes('--shard=auto'))) {
      expect(container.env).toContainEqual({ name: 'JOB_COMPLETION_COUNT', value: String(manifest.spec.completions) });
    }
  });

  test('the queue: its address, and the lists that KEDA counts', () => {
    const [queue] = named('Service');
    const urls = ours.flatMap(({ container: { args = [] } }) => args.filter((word) => word.startsWith('--queue=')));
    expect(new Set(urls)).toEqual(new Set([`--queue=redis://${queue?.metadata.name}:6379`]));
    const [scaled] = named('ScaledObject');
    expect(scaled?.spec.triggers?.map(({ metadata }) => metadata.listName)).toEqual([
      `bull:${queueName}:wait`,
      `bull:${queueName}:active`,
    ]);
    for (const { metadata } of scaled?.spec.triggers ?? [])
      expect(metadata.address).toBe(`${queue?.metadata.name}:6379`);
    expect(named('Deployment').map((one) => one.metadata.name)).toEqual([scaled?.spec.scaleTargetRef?.name]);
  });

  test('ports, probes, volumes and names', () => {
    const claims = named('PersistentVolumeClaim').map(({ metadata }) => metadata.name);
    for (const { manifest, container } of containers) {
      const { volumes = [] } = podOf(manifest);
      const there = [...volumes, ...(manifest.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata)];
      for (const { name } of container.volumeMounts ?? []) expect(there.map((one) => one.name)).toContain(name);
      for (const { persistentVolumeClaim } of volumes) expect(claims).toContain(persistentVolumeClaim?.claimName);
      const given = (container.args ?? [])
        .flatMap((word) => /^--(?:grpc-)?port=(\d+)$/.exec(word)?.[1] ?? [])
        .map(Number);
      if (given.length === 0) continue;
      expect(container.ports?.map(({ containerPort }) => containerPort)).toEqual(given);
      expect(container.readinessProbe?.httpGet).toEqual({ path: '/v2/health/ready', port: given[0] });
    }
    const [service] = named('InferenceService');
    expect(named('ServingRuntime').map(({ metadata }) => metadata.name)).toEqual([
      service?.spec.predictor?.model.runtime,
    ]);
  });
});

describe('by the schemas', () => {
  let tool: string | undefined;

  beforeAll(async () => {
    tool = await pythonTool('kubernetes-validate', ['kubernetes-validate==1.37.0', 'jsonschema', 'PyYAML']);
  });

  const isCustom = ({ apiVersion }: Manifest): boolean => /kserve|keda/.test(apiVersion);

  test('of Kubernetes', async (context) => {
    if (tool === undefined) return context.skip();
    for (const { file, manifest } of manifests.filter((one) => !isCustom(one.manifest))) {
      const single = path.join(own, 'manifest.yaml');
      writeFileSync(single, JSON.stringify(manifest));
      const { code, stdout, stderr } = await runProcess(tool, ['--strict', '-k', '1.33', single]);
      expect({ file, code, said: `${stdout}${stderr}` }).toMatchObject({ code: 0 });
    }
    // That an error is found at all.
    writeFileSync(
      path.join(own, 'wrong.yaml'),
      '{ apiVersion: v1, kind: Service, metadata: { name: a }, spec: { prots: [] } }',
    );
    const wrong = await runProcess(tool, ['--strict', '-k', '1.33', path.join(own, 'wrong.yaml')]);
    expect(wrong.code).not.toBe(0);
  });

  test('of KServe and KEDA', async (context) => {
    const crds = customResources();
    if (tool === undefined || crds === undefined) return context.skip();
    const check = async (objects: readonly object[]): Promise<string> => {
      const list = path.join(own, 'objects.json');
      writeFileSync(list, JSON.stringify(objects));
      const python = path.join(path.dirname(tool as string), 'python');
      const argv = [path.join(projectRoot, 'test/docs/validate_crds.py'), list, ...crds];
      const { code, stdout, stderr } = await runProcess(python, argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout;
    };
    const custom = manifests.map(({ manifest }) => manifest).filter(isCustom);
    expect(custom.map(({ kind }) => kind).sort()).toEqual(['InferenceService', 'ScaledObject', 'ServingRuntime']);
    expect(await check(custom)).toBe('');
    const [scaled] = named('ScaledObject');
    const wrong = { ...scaled, spec: { ...scaled?.spec, maxReplicas: 3 } };
    expect(await check([wrong])).toContain("'maxReplicas' was unexpected");
  });
});

/** The definitions of KServe and KEDA, from their Go modules; undefined, with a printed note, without Go or its proxy. */
function customResources(): string[] | undefined {
  const modules = [
    ['github.com/kserve/kserve@v0.15.2', 'config/crd/full', ['servingruntimes', 'inferenceservices']],
    ['github.com/kedacore/keda/v2@v2.17.0', 'config/crd/bases', ['scaledobjects']],
  ] as const;
  const found: string[] = [];
  for (const [module, where, names] of modules) {
    const cache = path.join(projectRoot, '.cache/go');
    const env = { ...process.env, GOPATH: cache, GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local' };
    const { status, stdout, stderr, error } = spawnSync('go', ['mod', 'download', '-json', module], { cwd: own, env });
    if (status !== 0) {
      const why = error === undefined ? String(stdout) + String(stderr) : error.message;
      process.stderr.write(`SKIPPED: definitions of ${module} can't be fetched with Go: ${why}\n`);
      return undefined;
    }
    const { Dir } = JSON.parse(String(stdout)) as { readonly Dir: string };
    const group = module.includes('kserve') ? 'serving.kserve.io' : 'keda.sh';
    found.push(...names.map((name) => path.join(Dir, where, `${group}_${name}.yaml`)));
  }
  return found.filter((file) => existsSync(file));
}
