"""Runs a notebook with nbclient and prints its cells' outputs as JSON."""

import json
import sys

import nbformat
from local_kernel import LocalKernelManager
from nbclient import NotebookClient

cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
notebook = nbformat.v4.new_notebook(cells=cells)
client = NotebookClient(notebook, kernel_name="paddlelab", allow_errors=True, timeout=120)
client.kernel_manager_class = LocalKernelManager
client.execute()
json.dump([cell.outputs for cell in notebook.cells], sys.stdout)
