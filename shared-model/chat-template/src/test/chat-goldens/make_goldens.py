#!/usr/bin/python3
"""Makes the goldens of chat templates with jinja2 3.1.6 (Debian: python3-jinja2).

Run: /usr/bin/python3 make_goldens.py
The environment is set up as transformers' utils/chat_template_utils.py does it.
"""

import copy
import datetime
import glob
import json
import os
import sys

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from conversations import CONVERSATIONS
from snippets import EXPRESSIONS, REFUSED, TEMPLATES, VARIABLES

assert jinja2.__version__ == "3.1.6", jinja2.__version__
assert sys.version_info[:2] == (3, 13), sys.version

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "resources", "chat-goldens")
NOW = datetime.datetime(2026, 3, 4, 5, 6, 7)


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_run"), [], [], body).set_lineno(line)

    @jinja2.pass_eval_context
    def _run(self, context, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def strftime_now(format):
    return NOW.strftime(format)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = strftime_now
    return env


ENVIRONMENT = environment()


def render(source, variables):
    try:
        return {"output": ENVIRONMENT.from_string(source).render(**copy.deepcopy(variables))}
    except jinja2.exceptions.TemplateError as e:
        if type(e) is jinja2.exceptions.TemplateError:
            return {"raised": str(e)}
        return {"error": type(e).__name__}
    except (Exception, RecursionError) as e:
        return {"error": type(e).__name__}


def write(name, value):
    with open(os.path.join(TARGET, name), "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=True, indent=1)
        f.write("\n")


def random_address(result):
    return " at 0x" in result.get("output", "")


def main():
    os.makedirs(TARGET, exist_ok=True)
    sources = ["{{ " + e + " }}" for e in EXPRESSIONS] + TEMPLATES
    cases = [{"source": s, **render(s, VARIABLES)} for s in sources]
    cases = [c for c in cases if not random_address(c)]
    write("snippets.json", {"variables": VARIABLES, "cases": cases, "refused": REFUSED})

    write("conversations.json", CONVERSATIONS)
    for path in sorted(glob.glob(os.path.join(HERE, "templates", "*.jinja"))):
        with open(path, encoding="utf-8", newline="") as f:
            source = f.read()
        results = {c["name"]: render(source, c["variables"]) for c in CONVERSATIONS}
        name = os.path.basename(path).removesuffix(".jinja")
        write("template-" + name + ".json", {"source": source, "results": results})


if __name__ == "__main__":
    main()
