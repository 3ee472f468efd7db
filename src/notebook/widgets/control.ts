import type { CommChannel, CommListener } from '../comm-host';
import { openModels, pack } from './model';

/** Sends a reloaded page the states of all open widgets, in one message. */
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
