import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../helpers/project';

const fromTslab = createRequire(createRequire(__filename).resolve('tslab/package.json'));
// biome-ignore lint/suspicious/noExplicitAny: the TypeScript of tslab, another version than ours
const ts: any = fromTslab('@tslab/typescript-for-tslab');

/** Type-checks a cell as tslab does: TypeScript 5.0, not strict, Node10 resolution. */
function diagnosticsOf(code: string): string[] {
  const file = path.join(projectRoot, 'test', 'types', 'cell.ts');
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    strict: false,
    noEmit: true,
    // Our own declarations are checked like the cell: they may only use features of this compiler.
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    esModuleInterop: true,
    types: ['node'],
    typeRoots: [path.join(projectRoot, 'node_modules/@types')],
    baseUrl: projectRoot,
    paths: { paddlelab: ['dist/index.d.ts'] },
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name: string, ...rest: unknown[]) =>
    name === file ? ts.createSourceFile(name, code, options.target) : read.call(host, name, ...rest);
  host.fileExists = (name: string) => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  const own = program
    .getSourceFiles()
    .filter((source: { fileName: string }) => source.fileName === file || source.fileName.includes('/dist/'));
  return own
    .flatMap((source: unknown) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ])
    .map((diagnostic: { messageText: unknown }) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

const header =
  "import { loadModel, predict, visualize, compareBackends, compareReports, recommend, Figure, models, paddle, PaddleLabError, widgets } from 'paddlelab';\n";

test('cells see the types: results narrow by kind, options complete, all types are exported', () => {
  const cell = `${header}
    export const model = await loadModel('m', { engine: 'openvino', precision: 'bf16', device: 'gpu:0' });
    export const result = await predict(model, 'x.png', { threshold: 0.4 });
    if (result.kind === 'instance-segmentation') { const counts: string = result.detections[0].mask.counts; counts.length; }
    export const many = await predict(model, ['a.png', Buffer.from('')]);
    many[0].detections[0].box[3].toFixed(1);
    export const segmenter = await loadModel('s', { task: 'semantic-segmentation' });
    const pixels: number = (await predict(segmenter, 'x.png')).segments[0].area; pixels.toFixed();
    const { raw, classes } = await predict(model, 'x.png', { raw: true });
    const first: string = classes[0].label + raw.outputs[0].dtype; first.length;
    export const picture = await visualize('x.png', result);
    await picture.save('y.png');
    export const report = await compareBackends(model, 'x.png', { backends: ['plain', 'onednn'] });
    export const again = await loadModel('m', { backend: report.best });
    export const best: string = report.best.name + report.best.engine; best.length;
    export const advice = recommend(report, { objective: 'memory', minAgreement: 0.9 });
    export const loaded = await loadModel('m', advice.options);
    export const change: string = compareReports(report, JSON.stringify(report)).changes[0].verdict; change.length;
    export const figure = new Figure([{ type: 'bar', x: ['a'], y: [1] }], { title: { text: 't' } });
    export const medians = report.rows.map((row) => (row.kind === 'measured' ? row.medianMs : row.reason));
    export const config = new paddle.Config('a', 'b');
    export const [boxes] = await (await paddle.createPredictor(config)).run({ x: { shape: [1], data: new Float32Array(1) } });
    export const level = widgets.slider({ label: 'level', min: 0, max: 10 });
    export const same = level.onChange(async (value) => { value.toFixed(1); }); same.value.toFixed();
    for await (const value of level) value.toFixed(1);
    export const style = widgets.dropdown({ options: ['default', 'paddleseg'] });
    const chosen: 'default' | 'paddleseg' = style.value; chosen.length;
    export const named = await loadModel('PicoDet-S');
    for (const { name, runs } of await models.search('layout')) if (runs === 'predict') await models.pull(name);
    const folder: string = (await models.pull('PicoDet-S', { source: './models' })).path; folder.length;
    export const size = widgets.dropdown({ options: { small: 320, large: 640 }, value: 640 });
    await widgets.interact({ level, style, size, on: widgets.checkbox() }, ({ level, style, size, on }) => {
      const sum: number = level + size; const word: 'default' | 'paddleseg' = style; const yes: boolean = on;
      return [sum, word, yes];
    });
    widgets.upload().onChange(([file]) => file.bytes.length + file.name.length);
    export const both = widgets.vbox([level, widgets.button({ label: 'Go' }), widgets.progress(), widgets.output()]);
    const shape: readonly number[] = boxes.shape; shape.length;
    export const code = (error: PaddleLabError) => error.code === 'FILE_NOT_FOUND';
  `;
  expect(diagnosticsOf(cell)).toEqual([]);
});

test('mistakes are type errors', () => {
  const wrong = `${header}
    export const a = loadModel('m', { engin: 'plain' });
    export const b = loadModel('m', { engine: 'mkl' });
    export const c = (async () => (await predict(await loadModel('m'), 'x.png')).boxes)();
  `;
  expect(diagnosticsOf(wrong).join('\n')).toMatch(
    /'engin' does not exist.*"mkl"' is not assignable.*'boxes' does not exist/s,
  );
});
