"""What Schemathesis holds Weft to besides its own checks: docs/decisions/0186-fuzzing.md."""

import schemathesis


@schemathesis.check
def fails_only_as_declared(ctx, response, case):
    """No status of 500 and above, but 503 that says when to come back and 504 for a request that said how long it waits."""
    status = response.status_code
    if status == 503:
        assert "retry-after" in response.headers, "503 without Retry-After"
    elif status == 504:
        assert "weft-timeout" in {name.lower() for name in (case.headers or {})}, f"504 without weft-timeout: {response.text[:300]}"
    else:
        assert status < 500, f"status {status}: {response.text[:300]}"
