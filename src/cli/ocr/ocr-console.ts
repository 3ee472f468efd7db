import { tilesText } from '../../tasks/text';
import { showControls } from '../../text/controls';
import type { RunConsole } from '../infer/console/console';
import { lastLine } from '../infer/console/summary-console';
import { say, tell } from '../print';

/** The text of each image on standard output, so that it can be piped; everything else on standard error. */
export function ocrConsole(): RunConsole {
  let several = false;
  return {
    begin: (description, images) => {
      several = images > 1;
      tell(description);
    },
    event: (event, shown) => {
      const file = showControls(event.image.file);
      if (event.kind === 'failed') tell(`failed: ${file}: ${event.error.message}`);
      if (event.kind !== 'done' || shown?.kind !== 'text') return;
      if (shown.tiles !== undefined) tell(`${file}: ${tilesText(shown.tiles)}`);
      if (several) say(`== ${file} ==`);
      if (shown.text === '') tell(`${file}: no text found`);
      else say(shown.text.split('\n').map(showControls).join('\n'));
      if (several) say('');
    },
    end: (totals, files) => {
      tell(lastLine(totals));
      for (const file of files) tell(file);
    },
    close: () => undefined,
  };
}
