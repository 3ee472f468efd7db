"""Runs a notebook without a browser. Reads a JSON job from argv[1] and prints one JSON event a line."""

import json
import os
import sys
import tempfile

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from traitlets import default


class LocalKernelManager(AsyncKernelManager):
    """Reaches the kernel through sockets in a folder: there are no ports to race for with other kernels."""

    folder = tempfile.TemporaryDirectory(prefix="paddlelab-")

    @default("transport")
    def _local_transport(self):
        return "ipc"

    @default("ip")
    def _local_ip(self):
        return os.path.join(self.folder.name, "kernel")


def emit(**event):
    print(json.dumps(event), flush=True)


def export(notebook, job):
    """Writes the notebook and its HTML, also when a cell has failed: what is there shows how far it came."""
    nbformat.write(notebook, job["notebook"])
    body, _ = HTMLExporter().from_notebook_node(notebook, {"metadata": {"name": job["title"]}})
    with open(job["html"], "w", encoding="utf-8") as file:
        file.write(body)


def error_of(notebook):
    """The `error` output of the cell that has one, with its place."""
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return {"index": index, **output}
    return None


def main():
    job = json.loads(sys.argv[1])
    notebook = nbformat.read(job["source"], as_version=4)
    code_cells = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

    def started(cell, cell_index):
        if cell_index in code_cells:
            emit(event="cell", number=code_cells.index(cell_index) + 1, total=len(code_cells))

    client = NotebookClient(
        notebook,
        kernel_name=job["kernel"],
        timeout=job["timeout"],
        # Times of execution would change a saved notebook at each run.
        record_timing=False,
        # What a cell prints is saved in one piece, however it came.
        coalesce_streams=True,
        on_cell_start=started,
        resources={"metadata": {"path": os.path.dirname(job["source"])}},
    )
    client.kernel_manager_class = LocalKernelManager
    failure = None
    try:
        client.execute()
    except CellExecutionError:
        failure = error_of(notebook) or {"evalue": "A cell failed", "traceback": []}
    except CellTimeoutError:
        failure = {"evalue": f"A cell took more than {job['timeout']} s", "traceback": []}
    except DeadKernelError:
        failure = {"evalue": "The kernel died", "traceback": []}
    export(notebook, job)
    emit(event="end", failure=failure)


main()
