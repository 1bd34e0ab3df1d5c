package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.stream.Outcome;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints the progress of a phase every few seconds. Safe for any thread. */
final class Progress implements ClosedLoop.Listener {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final String phase;
    private final long begun = System.nanoTime();
    private long said = begun;
    private long over;
    private long failed;
    private long tokens;

    Progress(PrintWriter out, String phase) {
        this.out = out;
        this.phase = phase;
    }

    @Override
    public synchronized void over(RequestSample sample) {
        over++;
        switch (sample.outcome()) {
            case Outcome.Answered answer -> tokens += answer.outputTokens();
            case Outcome.Failed _ -> failed++;
        }
        long now = System.nanoTime();
        if (now - said >= EVERY_NANOS) {
            said = now;
            out.println(
                    String.format(
                            Locale.ROOT,
                            "%s: %.0f s, %d requests over, %d failed, %.0f tokens/s",
                            phase,
                            (now - begun) / 1e9,
                            over,
                            failed,
                            tokens / ((now - begun) / 1e9)));
            out.flush();
        }
    }
}
