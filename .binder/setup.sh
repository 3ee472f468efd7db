#!/bin/sh
# What a newcomer does, as an ordinary user in the home folder. Used by the Dockerfile, and by the test of clean systems.
#
#   setup.sh package FOLDER   installs the packed files in FOLDER, and a Paddle runtime; needs only Node
#   setup.sh jupyter          JupyterLab with the kernel in ~/jupyter, and the lessons in ~/lessons; needs Python's venv
set -eu
cd "$HOME"

case $1 in
  package)
    npm init --yes >/dev/null
    npm install --no-audit --no-fund --loglevel=error "$2"/*.tgz
    npx paddlelab runtime install
    ;;
  jupyter)
    python3 -m venv jupyter
    jupyter/bin/pip install --quiet jupyterlab
    npx paddlelab kernel install --prefix jupyter
    cp -r node_modules/@paddlelab/notebooks lessons
    ;;
  *)
    echo "setup.sh: expected package or jupyter but received $1" >&2
    exit 2
    ;;
esac
