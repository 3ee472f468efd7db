import type { CommChannel, CommListener } from '../comm-host';
import { openModels, pack } from './model';

/** Tells a page that was loaded again about all widgets that there are, in one message. */
export function acceptControl(channel: CommChannel): CommListener {
  return {
    message({ data }) {
      if (data.method !== 'request_states') return;
      const states = Object.fromEntries([...openModels()].map((model) => [model.id, model.describe()]));
      const content = pack('states', states);
      channel.send({ ...content, data: { method: 'update_states', ...content.data } });
    },
    closed: () => {},
  };
}
