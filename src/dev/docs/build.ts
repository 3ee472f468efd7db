import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { messageOf, PaddleLabError } from '../../errors';
import { existsSync, rmSync } from '../../files/fs';
import { packageRoot } from '../../package-root';
import { lastWords, runProcess } from '../../processes/run-process';
import { startProcess } from '../../processes/start-process';
import { siteProblems } from './check-site';
import { stagePages } from './stage';

/** `npm run docs`: builds the site into `out/docs` and checks its links; with `--serve`, then shows it on loopback. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const site = await buildDocs(path.join(packageRoot(), 'docs'));
    process.stdout.write(`${site}\n`);
    if (args.includes('--serve')) await serve(path.join(packageRoot(), 'docs'));
  } catch (error) {
    process.stderr.write(`paddlelab: error: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** @returns the folder of the site */
export async function buildDocs(docs: string): Promise<string> {
  const site = path.join(packageRoot(), 'out', 'docs');
  say('Putting the pages together');
  stagePages(path.join(docs, '.site'));
  say('Reading the API');
  await tool(docs, 'typedoc/bin/typedoc', ['--options', 'typedoc.json', '--logLevel', 'Warn']);
  say('Building the site');
  rmSync(site, { recursive: true, force: true });
  await tool(docs, 'vitepress/bin/vitepress.js', ['build', '.']);
  const problems = siteProblems(site);
  if (problems.length > 0) throw failed(`The site has faults:\n${problems.join('\n')}`);
  return site;
}

function say(text: string): void {
  process.stderr.write(`paddlelab: ${text} …\n`);
}

function failed(message: string): PaddleLabError {
  return new PaddleLabError('TOOL_FAILED', message);
}

/** Runs a tool of `docs/`; what it warns of is an error. */
async function tool(docs: string, script: string, args: readonly string[]): Promise<void> {
  const file = path.join(docs, 'node_modules', script);
  if (!existsSync(file)) throw failed(`${script} is not installed: use npm run docs`);
  const result = await runProcess([process.execPath], [file, ...args], { cwd: docs });
  const output = stripVTControlCharacters(`${result.stdout}${result.stderr}`);
  const warnings = output.split('\n').filter((line) => /warning|\(!\)/i.test(line));
  if (result.code !== 0) throw failed(`${script} failed: ${lastWords(result)}\n${output}`);
  if (warnings.length > 0) throw failed(`${script} has warnings:\n${warnings.join('\n')}`);
}

/** Shows the built site on loopback until it is stopped with Ctrl-C. */
async function serve(docs: string): Promise<void> {
  const file = path.join(docs, 'node_modules', 'vitepress/bin/vitepress.js');
  const args = [file, 'preview', '.', '--host', '127.0.0.1'];
  const child = await startProcess(process.execPath, args, { cwd: docs, stdio: 'inherit' });
  await new Promise((resolve) => child.once('close', resolve));
}
