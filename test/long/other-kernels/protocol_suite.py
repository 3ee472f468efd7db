"""jupyter_kernel_test's suite for a kernel described on stdin, without optional features that need kernel-specific code."""

import json
import sys
import unittest

import jupyter_kernel_test as jkt

job = json.load(sys.stdin)
typescript = job["language"] == "typescript"


class OtherKernelTests(jkt.KernelTests):
    kernel_name = job["kernel"]
    language_name = job["language"]
    file_extension = ".ts" if typescript else ".js"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh no')"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [{"code": "6 * 7", "result": "42"}]
    code_display_data = [{"code": job["display"], "mime": "text/html"}]
    completion_samples = [{"text": "Math.sqr", "matches": {"sqrt"}}, {"text": "JSON.", "matches": {"parse", "stringify"}}]
    complete_code_samples = ["1 + 1", "function f() {\n  return 1;\n}"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "const t = `a"]
    invalid_code_samples = ["const = 1", "let 1x", "}"]
    code_inspect_sample = "console.log"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7"


if __name__ == "__main__":
    unittest.main(verbosity=2)
