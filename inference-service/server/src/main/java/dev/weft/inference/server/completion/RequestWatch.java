package dev.weft.inference.server.completion;

/**
 * Follows one request: tells the times of its choices, and counts those that wait. Moments are
 * {@link System#nanoTime()}. Events of one choice come one after the other, those of different
 * choices at once; {@link #closed} from any thread, and nothing counts after it.
 */
public final class RequestWatch {
    private static final double NANOS = 1e9;

    private final CompletionRequest request;
    private final RequestCounts counts;
    private final RequestTimes times;

    /** Moment of each choice's last token; arrival before the first. */
    private final long[] last;

    private final boolean[] told;

    /** Choices that hold a row. */
    private final boolean[] holds;

    private int withoutRow;
    private int outside;
    private boolean closed;

    /** The watch of a request that does not wait yet. */
    public RequestWatch(CompletionRequest request, RequestCounts counts, RequestTimes times) {
        this.request = request;
        this.counts = counts;
        this.times = times;
        this.last = new long[request.choices().count()];
        this.told = new boolean[last.length];
        this.holds = new boolean[last.length];
    }

    /** The request waits from now on, unless it has left. */
    public synchronized void begun() {
        if (!closed) {
            withoutRow = last.length;
            outside = last.length;
            counts.waiting().arrived(request, last.length);
        }
    }

    /** The engine has one more of its choices. */
    public synchronized void queued() {
        leaveOutside(Math.min(1, outside));
    }

    /** A choice holds a row. */
    public void row(int choice, long now) {
        synchronized (this) {
            if (closed) {
                return;
            }
            withoutRow--;
            holds[choice] = true;
            counts.running().more(request.owner().tenant());
        }
        counts.waiting().waitNoLonger(request, 1);
        times.queued(request.adapter(), (now - request.timing().arrived()) / NANOS);
    }

    /** A choice has one more token. */
    public void token(int choice, long now) {
        if (told[choice]) {
            times.nextToken((now - last[choice]) / NANOS);
        } else {
            told[choice] = true;
            times.firstToken((now - request.timing().arrived()) / NANOS);
        }
        last[choice] = now;
    }

    /** A choice has given its row back, if it had one. */
    public synchronized void ended(int choice) {
        if (holds[choice]) {
            holds[choice] = false;
            counts.running().less(request.owner().tenant());
        }
    }

    /** A choice's answer is whole. */
    public void answered(EndReason reason, long now) {
        times.answered(reason, (now - request.timing().arrived()) / NANOS);
    }

    /** The request has ended, in whatever way. Idempotent. */
    public synchronized void closed() {
        if (!closed) {
            closed = true;
            leaveOutside(outside);
            counts.waiting().waitNoLonger(request, withoutRow);
            for (int choice = 0; choice < holds.length; choice++) {
                ended(choice);
            }
        }
    }

    private void leaveOutside(int choices) {
        outside -= choices;
        counts.waiting().leftOutside(choices);
    }
}
