import { createRequire } from 'node:module';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import type * as Session from '../../src/kernel/session';
import type * as Messages from '../../src/kernel/thread-messages';
import type * as Compiler from '../../src/kernel/typescript/typescript-compiler';
import { distFile } from '../../src/package-root';
import { folderWith } from './folders';

const require = createRequire(__filename);
const { TypeScriptSession }: typeof Session = require(distFile('kernel/session.js'));
const { SharedState }: typeof Messages = require(distFile('kernel/thread-messages.js'));

/** A cell, and its value as text, its errors, or what it throws. */
export type Case = readonly [source: string, result?: string | undefined];

/** Cells on the published TypeScript, in a session of this process. */
export class Cells {
  readonly session: Session.TypeScriptSession;
  readonly compiler: Compiler.TypeScriptCompiler;
  private number = 0;

  constructor(readonly folder: string) {
    this.session = new TypeScriptSession(folder, new SharedState(), 'typescript');
    this.compiler = this.session.compiler as Compiler.TypeScriptCompiler;
  }

  get nextFile(): string {
    this.number += 1;
    return `cell[${this.number}].ts`;
  }

  async run(source: string): Promise<string | undefined> {
    const outcome = await this.session.execute(source, this.nextFile);
    if (outcome.kind === 'done') return outcome.hasValue ? inspect(outcome.value) : undefined;
    return failureOf(outcome);
  }

  /** Its value without quotes, its errors after "refused: ", or what it throws after "thrown: ". */
  async text(source: string): Promise<string> {
    const outcome = await this.session.execute(source, this.nextFile);
    if (outcome.kind === 'diagnostics') return `refused: ${failureOf(outcome)}`;
    if (outcome.kind === 'thrown') return failureOf(outcome);
    const value = outcome.hasValue ? outcome.value : '';
    return typeof value === 'string' ? value : inspect(value);
  }

  async check(cells: readonly Case[]): Promise<void> {
    const results: Case[] = [];
    for (const [source] of cells) results.push([source, await this.run(source)]);
    expect(results).toEqual(cells.map(([source, result]) => [source, result]));
  }

  close(): void {
    this.session.close();
  }
}

function failureOf(outcome: Exclude<Session.Outcome, { kind: 'done' }>): string {
  if (outcome.kind === 'thrown') {
    return `thrown: ${outcome.error instanceof Error ? outcome.error.message : outcome.error}`;
  }
  const lines = outcome.diagnostics.map(({ start, code, messageText, fileName }) => {
    const place = `${start.line + 1}:${start.character + 1} TS${code} ${messageText}`;
    return fileName === undefined ? place : `${path.basename(fileName)}:${place}`;
  });
  return lines.join('\n');
}

/** Runs cells in a folder with files, and checks their results. */
export async function checkCells(
  files: Readonly<Record<string, string | object>>,
  cells: readonly Case[],
): Promise<void> {
  const notebook = new Cells(folderWith(files));
  try {
    await notebook.check(cells);
  } finally {
    notebook.close();
  }
}
