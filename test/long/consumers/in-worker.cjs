const { Worker } = require('node:worker_threads');

new Worker(require.resolve('./predict.cjs'));
