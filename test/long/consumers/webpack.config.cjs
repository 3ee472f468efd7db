module.exports = {
  mode: 'production',
  target: 'node',
  entry: './predict.cjs',
  output: { path: `${__dirname}/out`, filename: 'webpack.cjs' },
  externals: { paddlelab: 'commonjs paddlelab' },
};
