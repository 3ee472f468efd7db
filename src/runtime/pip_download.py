"""Finds one wheel with pip's own finder and streams it into a file that a later run can resume.

pip does the looking and the talking: its configuration, indexes, mirrors, proxy, certificates, authentication and
--find-links all count. Only the writing is done here, because pip itself starts a cut download all over again.

usage: python pip_download.py NAME VERSION CPYTHON FOLDER PLATFORM...
Prints one JSON object a line: found, progress, done or error. Ends when its standard input does, so that it never
outlives the process that started it.
"""

import json
import logging
import os
import sys
import threading
import time

CHUNK = 1 << 18
PROGRESS_STEP = 1 << 20
TRIES_WITHOUT_PROGRESS = 4


class Failure(Exception):
    def __init__(self, kind, message):
        Exception.__init__(self, message)
        self.kind = kind


def say(event, **fields):
    fields["event"] = event
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


class Ear(logging.Handler):
    """Keeps pip's last error. pip logs an unreachable index only at debug level."""

    COLLECTOR = "pip._internal.index.collector"

    def __init__(self):
        logging.Handler.__init__(self)
        self.said = None
        logging.getLogger(self.COLLECTOR).setLevel(logging.DEBUG)
        logging.getLogger("pip").addHandler(self)

    def emit(self, record):
        message = record.getMessage()
        if record.levelno >= logging.WARNING or message.startswith("Could not fetch URL"):
            self.said = message.strip().split("\n")[-1]


def end_with_parent():
    def watch():
        while os.read(0, 4096):
            pass
        os._exit(130)

    thread = threading.Thread(target=watch)
    thread.daemon = True
    thread.start()


def pip_arguments(cpython, folder, platforms):
    number = cpython[2:]
    arguments = ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--abi", cpython]
    arguments += ["--python-version", number, "--dest", folder, "--quiet"]
    # pip sorts them by itself, but before 20.3 it only uses the last one.
    for platform in platforms:
        arguments += ["--platform", platform]
    return arguments


def find_link(command, options, session, name, version):
    from pip._internal.cli.cmdoptions import make_target_python
    from pip._vendor.packaging.specifiers import SpecifierSet

    finder = command._build_package_finder(
        options=options,
        session=session,
        target_python=make_target_python(options),
        ignore_requires_python=True,
    )
    best = finder.find_best_candidate(name, SpecifierSet("==" + version, prereleases=True)).best_candidate
    if best is None:
        seen = sorted({candidate.version for candidate in finder.find_all_candidates(name)})
        raise Failure("not-found", ", ".join(str(one) for one in seen))
    return best.link


class Part:
    """The partial file. Locked, so that an older writer that has not noticed its parent's end yet can't write into it."""

    def __init__(self, path):
        import fcntl

        self.path = path
        while True:
            self.file = open(path, "ab")
            fcntl.flock(self.file, fcntl.LOCK_EX)
            # The previous holder may have moved the file.
            if os.path.exists(path) and os.path.samestat(os.stat(path), os.fstat(self.file.fileno())):
                break
            self.file.close()
        self.size = os.fstat(self.file.fileno()).st_size
        self.said = -1

    def restart(self):
        self.file.truncate(0)
        self.size = 0

    def write(self, data, total):
        self.file.write(data)
        self.size += len(data)
        if self.said < 0 or self.size - self.said >= PROGRESS_STEP or self.size == total:
            self.file.flush()
            self.said = self.size
            say("progress", done=self.size, total=total)


def copy_local(link, part):
    part.restart()
    with open(link.file_path, "rb") as source:
        total = os.fstat(source.fileno()).st_size
        for data in iter(lambda: source.read(CHUNK), b""):
            part.write(data, total)
    return total


def request(session, url, offset):
    # identity: with gzip, offsets would be meaningless. no-store: pip's cache is read, but the wheel is not stored twice.
    headers = {"Accept-Encoding": "identity", "Cache-Control": "no-store"}
    if offset:
        headers["Range"] = "bytes=%d-" % offset
    return session.get(url, headers=headers, stream=True)


def stream_once(session, url, part):
    """Requests the missing part and appends it. Returns the total size, or None if it is unknown."""
    response = request(session, url, part.size)
    try:
        if response.status_code == 416:
            part.restart()
            response.close()
            response = request(session, url, 0)
        if response.status_code not in (200, 206):
            raise Failure("network", "the server answered with HTTP status %d" % response.status_code)
        if response.status_code == 206:
            total = int(response.headers["Content-Range"].rpartition("/")[2])
        else:
            part.restart()
            length = response.headers.get("Content-Length")
            total = int(length) if length else None
        for data in iter(lambda: response.raw.read(CHUNK), b""):
            part.write(data, total)
        return total if total is not None else part.size
    finally:
        response.close()
        part.file.flush()


def stream(session, url, part):
    """Resumes after each interruption, as long as there is progress."""
    from pip._vendor import requests, urllib3

    cuts = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError)
    tries = 0
    while True:
        before = part.size
        problem = "the connection was cut"
        try:
            if stream_once(session, url, part) == part.size:
                return
        except cuts as error:
            problem = "%s: %s" % (type(error).__name__, error)
        if part.size > before:
            tries = 0
            continue
        tries += 1
        if tries == TRIES_WITHOUT_PROGRESS:
            raise Failure("network", "%s (%d bytes are kept)" % (problem, part.size))
        time.sleep(tries)


def main(name, version, cpython, folder, *platforms):
    from pip._internal.commands import create_command

    command = create_command("download")
    options, _ = command.parse_args(pip_arguments(cpython, folder, platforms))
    with command.main_context():
        session = command.get_default_session(options)
        link = find_link(command, options, session, name, version)
        sha256 = link.hash if link.hash_name == "sha256" else None
        say("found", filename=link.filename, sha256=sha256)
        part = Part(os.path.join(folder, link.filename + ".part"))
        if link.is_file:
            copy_local(link, part)
        else:
            stream(session, link.url.split("#")[0], part)
        part.file.flush()
        os.rename(part.path, os.path.join(folder, link.filename))
        say("done", filename=link.filename, size=part.size)


if __name__ == "__main__":
    end_with_parent()
    ear = Ear()
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
    except Failure as failure:
        say("error", kind=failure.kind, message=str(failure), said=ear.said)
        sys.exit(1)
    except (ImportError, AttributeError, TypeError, KeyError, SystemExit) as error:
        # pip's internals may change: the caller falls back to the pip command.
        say("error", kind="internals", message="%s: %s" % (type(error).__name__, error))
        sys.exit(1)
    except Exception as error:
        say("error", kind="network", message="%s: %s" % (type(error).__name__, error), said=ear.said)
        sys.exit(1)
