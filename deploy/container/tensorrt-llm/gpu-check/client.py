#!/usr/bin/env python3
"""client.py GATEWAY COMMAND ...: asks Weft and compares. Exit code 1, and a line for each fault, if something is wrong.

  answers REFERENCE OUT MODEL...   each stretch of each model's answers that is sure, one after the other
  rotation REFERENCE OUT MODEL...  all models at once, over and over, more of them than caches hold
  cancels METRICS OUT MODEL        streams whose clients leave: TensorRT-LLM must be done with them soon
  gone MODEL                       the model must not be there
  load SECONDS MODEL...            streams, whatever becomes of them
  save URL FILE                    a page
"""
import concurrent.futures
import http.client
import json
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT = 60
ROUNDS = 3
AT_ONCE = 12
STREAMS = 64
LEAVE_SECONDS = 10
LEAST_SURE_TOKENS = 40


def ask(gateway, model, prompt, max_tokens):
    # A checkpoint's own defaults must not count on one side alone.
    body = {"model": model, "prompt": prompt, "max_tokens": max_tokens, "temperature": 0, "repetition_penalty": 1}
    request = urllib.request.Request(
        gateway + "/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return json.load(answer)["choices"][0]["text"]


def compared(gateway, model, expected):
    """A stretch beside the reference's, whose tokenizer may leave a space out in front."""
    begun = time.monotonic()
    try:
        text = ask(gateway, model, expected["prompt"], expected["sure_tokens"])
        same = text.lstrip(" ").startswith(expected["sure"].lstrip(" "))
        fault = None if same else "differs where the reference is sure"
    except urllib.error.HTTPError as e:
        text, fault = "", f"{e.code} {e.read(500).decode(errors='replace')}"
    except (OSError, ValueError, KeyError, http.client.HTTPException) as e:
        text, fault = "", repr(e)
    return {
        "model": model,
        "prompt": expected["prompt"],
        "sure": expected["sure"],
        "text": text,
        "seconds": round(time.monotonic() - begun, 3),
        "fault": fault,
    }


def told(results, out, sure_tokens):
    with open(out, "w") as file:
        json.dump(results, file, indent=1)
    faults = [r for r in results if r["fault"]]
    for r in faults[:20]:
        print(f"{r['model']}: {r['fault']}: {r['text']!r} and not {r['sure']!r}")
    for model, tokens in sure_tokens.items():
        if tokens < LEAST_SURE_TOKENS:
            print(f"{model}: {tokens} sure tokens in all, at least {LEAST_SURE_TOKENS} are needed to tell")
            return False
    print(
        f"{len(results)} answers of {sum(sure_tokens.values())} different tokens, {len(faults)} wrong,"
        f" slowest {max(r['seconds'] for r in results)} s"
    )
    return not faults


def read_reference(path, models):
    with open(path) as file:
        reference = json.load(file)
    answers = {model: reference["answers"][model] for model in models}
    return answers, {model: sum(one["sure_tokens"] for one in all) for model, all in answers.items()}


def answers(gateway, reference, out, *models):
    expected, sure = read_reference(reference, models)
    results = [compared(gateway, model, one) for model in models for one in expected[model]]
    return told(results, out, sure)


def rotation(gateway, reference, out, *models):
    expected, sure = read_reference(reference, models)
    work = [(model, one) for _ in range(ROUNDS) for model in models for one in expected[model]]
    random.Random(1).shuffle(work)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        results = list(threads.map(lambda it: compared(gateway, *it), work))
    return told(results, out, sure)


def stream(gateway, model, max_tokens):
    """An open stream whose first event has come."""
    address = urllib.parse.urlsplit(gateway)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=TIMEOUT)
    body = {"model": model, "prompt": "Count: 1, 2,", "max_tokens": max_tokens, "stream": True, "ignore_eos": True}
    connection.request("POST", "/v1/completions", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    first = response.readline()
    if response.status != 200 or not first.startswith(b"data:"):
        raise OSError(f"{response.status} {first[:300]!r}")
    return connection


def active(metrics):
    """Requests that TensorRT-LLM has, by its own gauge."""
    with urllib.request.urlopen(metrics, timeout=TIMEOUT) as page:
        lines = page.read().decode().splitlines()
    found = [
        float(line.rsplit(" ", 1)[1])
        for line in lines
        if line.startswith("nv_trt_llm_request_metrics") and 'request_type="active"' in line
    ]
    if not found:
        raise OSError(f"{metrics} has no nv_trt_llm_request_metrics of active requests")
    return sum(found)


def cancels(gateway, metrics, out, model):
    with concurrent.futures.ThreadPoolExecutor(STREAMS) as threads:
        streams = list(threads.map(lambda _: stream(gateway, model, 2000), range(STREAMS)))
    before, begun = active(metrics), time.monotonic()
    for one in streams:
        one.close()
    while active(metrics) > 0 and time.monotonic() - begun < LEAVE_SECONDS:
        time.sleep(0.05)
    left, seconds = active(metrics), round(time.monotonic() - begun, 2)
    text = ask(gateway, model, "The capital of France is", 4)
    with open(out, "w") as file:
        json.dump({"streams": STREAMS, "active": before, "left": left, "seconds": seconds, "after": text}, file)
    print(f"{STREAMS} streams left, {left:.0f} of {before:.0f} requests still active after {seconds} s")
    return left == 0


def gone(gateway, model):
    for _ in range(100):
        try:
            ask(gateway, model, "x", 1)
        except urllib.error.HTTPError as e:
            if e.code == 404:
                print(f"{model} is gone")
                return True
        time.sleep(0.1)
    print(f"{model} is still there after 10 s")
    return False


def load(gateway, seconds, *models):
    end = time.monotonic() + float(seconds)

    def one(model):
        while time.monotonic() < end:
            try:
                stream(gateway, model, 500)
            except (OSError, http.client.HTTPException):
                return

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(one, list(models) * 2))
    return True


def save(_, url, path):
    with urllib.request.urlopen(url, timeout=TIMEOUT) as page, open(path, "wb") as file:
        file.write(page.read())
    return True


if __name__ == "__main__":
    commands = {f.__name__: f for f in (answers, rotation, cancels, gone, load, save)}
    if len(sys.argv) < 3 or sys.argv[2] not in commands:
        raise SystemExit(__doc__)
    raise SystemExit(0 if commands[sys.argv[2]](sys.argv[1], *sys.argv[3:]) else 1)
