import { describeParity } from './parity-suite';

// The reference vectors were made with Paddle 2.6.2; their .pdmodel programs give the same numbers under 3.3.1.
describeParity({ runtime: '3.3.1', format: 'pdmodel', vectors: 'vectors' });
describeParity({ runtime: '3.3.1', format: 'json', vectors: 'vectors-paddle3' });
