const { loadModel, predict } = require('paddlelab');

async function main() {
  const model = await loadModel(process.env.MODEL, { engine: 'plain', trial: false });
  const result = await predict(model, process.env.IMAGE);
  console.log(result.classes[0].label);
  await model.dispose();
}

main();
