"""jupyter_kernel_test's suite for this kernel; run with the kernel installed in this Python environment."""

import unittest

import jupyter_kernel_test as jkt
from local_kernel import new_manager, start_kernel


class PaddleLabKernelTests(jkt.KernelTests):
    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_kernel()

    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh no')"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>7</b>' }) })", "mime": "text/html", "result": "<b>7</b>"},
        {"code": "[1, 2].map((n) => n + 1)", "result": "[ 2, 3 ]"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab'; display.html('<b>1</b>')", "mime": "text/html"},
        {"code": "display.png(new Uint8Array([1, 2]))", "mime": "image/png"},
    ]
    completion_samples = [
        {"text": "Math.sqr", "matches": {"sqrt", "SQRT1_2", "SQRT2"}},
        {"text": "JSON.", "matches": {"parse", "stringify"}},
        {"text": "const π = '𝒳'; π.toUpper", "matches": {"toUpperCase"}},
    ]
    complete_code_samples = ["1 + 1", "function f() {\n  return 1;\n}", "const t = `a\nb`", "for await (const x of []) {}"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "const t = `a", "/* a", "f(", "const a ="]
    invalid_code_samples = ["const = 1", "let 1x", "}", "'abc"]
    code_inspect_sample = "console.log"
    supported_history_operations = ("tail", "range", "search")
    code_page_something = "help(loadModel)"
    code_clear_output = "display.clear()"
    code_history_pattern = "6 ? 7"


class WelcomeTests(jkt.IopubWelcomeTests):
    @classmethod
    def setUpClass(cls):
        cls.km = new_manager()
        cls.km.start_kernel()
        cls.kc = cls.km.client()

    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
