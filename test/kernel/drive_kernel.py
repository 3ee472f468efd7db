"""Drives a kernel by a list of steps on stdin (JSON) and prints their results (JSON).

A step: {"code": …, "content": {…}}          an execute_request; the next step waits for its reply and idle
        {"code": …, "wait": false}           the next step does not wait
        {"code": …, "interruptAt": "text"}   an interrupt_request as soon as this text was printed
        {"request": "history_request", "content": {…}}   any other request of the shell channel
"""

import json
import queue
import sys

from local_kernel import start_kernel


def collect(client, step, waiting):
    """Collects output until every pending request has its reply and idle status."""
    interrupted = False
    while any(entry["reply"] is None or not entry["idle"] for entry in waiting.values()):
        try:
            message = client.get_iopub_msg(timeout=0.02)
            entry = waiting.get(message["parent_header"].get("msg_id"))
            if entry is not None:
                take(entry, message)
            text = message["content"].get("text", "")
            if step.get("interruptAt") and not interrupted and step["interruptAt"] in text:
                interrupted = True
                client.control_channel.send(client.session.msg("interrupt_request", {}))
        except queue.Empty:
            pass
        try:
            message = client.get_shell_msg(timeout=0)
            entry = waiting.get(message["parent_header"].get("msg_id"))
            if entry is not None:
                entry["reply"] = message["content"]
        except queue.Empty:
            pass


def take(entry, message):
    kind = message["header"]["msg_type"]
    if kind == "status":
        entry["idle"] = message["content"]["execution_state"] == "idle"
        return
    assert not entry["idle"], f"{kind} after idle: {message['content']}"
    entry["outputs"].append({"type": kind, **message["content"]})


def main():
    job = json.load(sys.stdin)
    manager, client = start_kernel(cwd=job["cwd"])
    results, waiting = [], {}
    try:
        for step in job["steps"]:
            kind = step.get("request", "execute_request")
            content = step.get("content", {})
            if kind == "execute_request":
                content = {"code": step["code"], "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False, **content}
            message = client.session.msg(kind, content)
            entry = {"reply": None, "outputs": [], "idle": False}
            results.append(entry)
            waiting[message["header"]["msg_id"]] = entry
            client.shell_channel.send(message)
            if step.get("wait", True):
                collect(client, step, waiting)
                waiting.clear()
        collect(client, {}, waiting)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    json.dump(results, sys.stdout)


main()
