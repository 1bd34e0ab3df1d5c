package dev.weft.standalone.bench.stream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

/**
 * Why a request failed.
 *
 * @param kind kind by which failures are counted: connect, timeout, http-STATUS, not-a-stream,
 *     error-event, broke-off or connection-lost
 * @param message for people
 */
public record Failure(String kind, String message) {
    private static final int LONGEST = 300;

    public Failure {
        message = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
    }

    static Failure http(int status, String body) {
        return new Failure("http-" + status, ErrorText.of(body));
    }

    static Failure timeout(double seconds) {
        return new Failure(
                "timeout", String.format(Locale.ROOT, "no whole answer within %.0f s", seconds));
    }

    static Failure notAStream(String type) {
        return new Failure("not-a-stream", "the answer is " + type + ", not text/event-stream");
    }

    static Failure errorEvent(String json) {
        return new Failure("error-event", ErrorText.of(json));
    }

    static Failure brokeOff() {
        return new Failure("broke-off", "the stream ended without [DONE]");
    }

    static Failure of(Throwable failure) {
        if (failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof ClosedChannelException) {
            return new Failure("connect", failure.toString());
        }
        if (failure instanceof HttpTimeoutException) {
            return new Failure("timeout", failure.toString());
        }
        return failure instanceof IOException
                ? new Failure("connection-lost", failure.toString())
                : new Failure("client", failure.toString());
    }
}
