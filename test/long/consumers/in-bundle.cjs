const { loadModel } = require('paddlelab');

loadModel(process.env.MODEL, { engine: 'plain', trial: false }).then(console.log, (error) => {
  console.log(error.code, error.message);
});
