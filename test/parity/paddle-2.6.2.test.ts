import { describeParity } from './parity-suite';

describeParity({ runtime: '2.6.2', format: 'pdmodel', vectors: 'vectors' });
