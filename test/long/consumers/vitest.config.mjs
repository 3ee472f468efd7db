export default { test: { include: ['predict.vitest.mjs'] } };
