// Reads pages with this library; the answer goes to stdout as a line of JSON.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { loadTextReader, readTextStream } = require(path.resolve(__dirname, '../../..'));

const [, , list, engine, threads] = process.argv;

async function main() {
  const pages = JSON.parse(readFileSync(list, 'utf8'));
  const half = Math.ceil(pages.length / 2);
  const reader = await loadTextReader({ engine, threads: Number(threads), orientation: false });
  const texts = [];
  for await (const { text } of readTextStream(pages.slice(0, half), { reader })) texts.push(text);
  const started = performance.now();
  let networkMs = 0;
  for await (const { text, timings } of readTextStream(pages.slice(half), { reader })) {
    texts.push(text);
    networkMs += timings.inferenceMs;
  }
  const warmSeconds = (performance.now() - started) / 1000;
  await reader.dispose();
  const memoryMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ texts, warmSeconds, networkSeconds: networkMs / 1000, memoryMb })}\n`);
}

main();
