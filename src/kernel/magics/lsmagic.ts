import { jupyterDisplay } from '../../display/display';
import { textAndHtmlTable } from '../../display/html-table';
import { done, type Magic } from './magic';

export const lsmagic: Magic = {
  name: 'lsmagic',
  kind: 'line',
  usage: '%lsmagic',
  summary: 'lists the magics',
  async run() {
    const { MAGICS } = await import('./magics.js');
    const rows = [
      ...MAGICS.map(({ usage, summary }) => [usage, summary]),
      ['name?', 'type and documentation of a name'],
    ];
    return done({ [jupyterDisplay]: () => textAndHtmlTable(['magic', 'what it does'], rows) });
  },
};
