import { describe, expect, it } from 'vitest';
import type { MimeBundle } from '../../src/display/display';
import { classColor, toHex } from '../../src/display/palette';
import { resultBundle, resultText } from '../../src/model-io/result-display';
import type { PredictResult } from '../../src/results';
import { detection, detectionResult, instanceResult } from './scene';

const shown = (result: PredictResult): MimeBundle => resultBundle(result) as MimeBundle;

const box = [10, 20, 110.46, 79.95] as const;

describe('the table of a result', () => {
  it('is aligned text', () => {
    const result = instanceResult(640, 480, [detection(0, 0.98, box), detection(6, 0.9, [1, 2, 3, 4])]);
    expect(resultText(result)).toBe(String(shown(result)['text/plain']));
    expect(shown(result)['text/plain']).toBe(
      [
        '2 detections in 640×480, 23.1 ms',
        '   class   score    x1    y1     x2    y2  mask px',
        '0  circle   0.98  10.0  20.0  110.5  80.0     4729',
        '1  汽车     0.90   1.0   2.0    3.0   4.0        4',
      ].join('\n'),
    );
  });

  it('is HTML with the colours of the pictures, and without scripts', () => {
    const html = String(shown(detectionResult(640, 480, [detection(2, 0.5, box)]))['text/html']);
    expect(html).toContain('1 detection in 640×480, 23.1 ms');
    expect(html).toContain(`background:${toHex(classColor(2))}`);
    expect(html).toContain('triangle</td><td>0.50</td><td>10.0</td><td>20.0</td><td>110.5</td>');
    expect(html).not.toMatch(/<script|mask px|color:(?!#)/);
  });

  it('names are escaped', () => {
    const result = detectionResult(640, 480, [{ ...detection(0, 0.9, box), label: '<b onclick="x">&\nend' }]);
    const bundle = shown(result);
    expect(bundle['text/html']).not.toContain('<b ');
    expect(bundle['text/html']).toContain('&#60;b onclick=&#34;x&#34;&#62;&#38;');
    expect(bundle['text/plain']).toContain('0  <b onclick="x">&\\nend');
  });

  it('lists twenty rows and counts the rest', () => {
    const many = Array.from({ length: 33 }, () => detection(0, 0.9, box));
    const bundle = shown(detectionResult(640, 480, many));
    expect(String(bundle['text/plain']).split('\n')).toHaveLength(1 + 1 + 20 + 1);
    expect(bundle['text/plain']).toMatch(/\n… and 13 more$/);
    expect(String(bundle['text/html']).match(/<tr>/g)).toHaveLength(21);
    expect(bundle['text/html']).toContain('… and 13 more');
  });

  it('has a message if it is empty', () => {
    const bundle = shown(detectionResult(640, 480, []));
    expect(bundle['text/plain']).toBe('no detections in 640×480, 23.1 ms');
    expect(bundle['text/html']).not.toContain('<table');
  });
});
