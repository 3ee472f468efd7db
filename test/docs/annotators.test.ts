import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotators } from '../../src/drawing/annotators/annotators';
import { projectRoot } from '../helpers/project';

const page = readFileSync(path.join(projectRoot, 'docs/annotators.md'), 'utf8');

describe('the page of annotators', () => {
  it.each(Object.keys(annotators))('has a line and a picture of %s', (name) => {
    expect(page).toContain(`| \`${name}\`<br><img src="images/annotators/${name}.webp"`);
    expect(existsSync(path.join(projectRoot, `docs/images/annotators/${name}.webp`))).toBe(true);
  });
});
