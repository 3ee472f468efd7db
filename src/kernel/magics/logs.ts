import { checkOneOf } from '../../validate';
import { done, type Magic } from './magic';

export const logs: Magic = {
  name: 'logs',
  kind: 'line',
  usage: '%logs [on|off]',
  summary:
    "shows Paddle's native log in the cell that causes it; when off (the default), it goes to the log of the Jupyter server",
  async run({ print, log }, argument) {
    if (argument !== '') checkOneOf('%logs', argument, ['on', 'off']);
    if (argument === 'on') log.turnOn();
    else if (argument === 'off') log.turnOff();
    print(`logs: ${log.isOn ? 'on' : 'off'}`);
    return done();
  },
};
