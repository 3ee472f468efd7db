const { loadModel, predict } = require('paddlelab');

test('predicts', async () => {
  const model = await loadModel(process.env.MODEL, { engine: 'plain', trial: false });
  const result = await predict(model, process.env.IMAGE);
  expect(result.classes[0].label).toBe('heart');
  await model.dispose();
}, 60_000);
