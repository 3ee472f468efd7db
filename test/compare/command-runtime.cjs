// An external runtime of kind 'command', whose argument selects its behaviour.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

const behaviour = process.argv[2];
let folder = '';

function answer(content) {
  fs.writeSync(3, `${JSON.stringify(content)}\n`);
}

function open(request) {
  folder = request.folder;
  const outputs = request.feeds.slice(0, request.images).map((feed) => feed.map((tensor) => ({ ...tensor })));
  answer({ kind: 'opened', loadMs: 1, firstRunMs: 1, outputs, library: 'echo 1.0' });
}

function eat() {
  const eaten = [];
  for (;;) eaten.push(Buffer.alloc(2 ** 24, 1));
}

const behaviours = {
  'crash at the start': () => process.kill(process.pid, 'SIGSEGV'),
  'hang at the start': () => undefined,
  'exit at the start': () => {
    console.error('no such model');
    process.exit(3);
  },
  'eat memory': eat,
  'crash in a turn': (request) => (request.kind === 'open' ? open(request) : process.abort()),
  'refuse a turn': (request) =>
    request.kind === 'open' ? open(request) : answer({ kind: 'error', message: 'not today' }),
  'write invalid answers': () => fs.writeSync(3, 'what?\n'),
  echo: (request) => {
    if (request.kind === 'open') return open(request);
    if (!fs.existsSync(path.join(folder, 'input-0-0'))) throw new Error('The inputs are gone');
    const latenciesMs = Array.from({ length: request.runs }, () => 1);
    return answer({ kind: 'turned', latenciesMs, wallMs: request.runs });
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => behaviours[behaviour](JSON.parse(line)));
