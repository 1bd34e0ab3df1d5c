package dev.weft.inference.relay.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Keeps for how long a server has owed a sign of life, and tells listeners if it hangs. Any thread.
 */
public final class ServerSigns {
    private static final long NOTHING = 0;

    /** Requests that have not ended; guarded by the signs, as is the debt. */
    private int requests;

    /** The time since which a sign is owed; {@link System#nanoTime()}. */
    private long owedSince = NOTHING;

    private final List<Consumer<String>> ofHung = new CopyOnWriteArrayList<>();
    private final List<Runnable> ofStuck = new CopyOnWriteArrayList<>();

    /** A request goes to the server, which owes a sign from now on if it didn't before. */
    public synchronized void owed() {
        requests++;
        if (owedSince == NOTHING) {
            owedSince = now();
        }
    }

    /** The server's engine has made something: an answer, or a piece of one. */
    public synchronized void heard() {
        owedSince = requests > 0 ? now() : NOTHING;
    }

    /**
     * A request has ended.
     *
     * @param answered whether the server has answered it; what it left unanswered, it still owes
     */
    public synchronized void settled(boolean answered) {
        requests--;
        if (requests == 0 && answered) {
            owedSince = NOTHING;
        }
    }

    private static long now() {
        long now = System.nanoTime();
        return now == NOTHING ? now + 1 : now;
    }

    /** How long the server has owed a sign to any request; zero if it owes none. */
    public synchronized Duration quiet() {
        return owedSince == NOTHING
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - owedSince);
    }

    /**
     * Adds a listener that is told if the server is found to hang, and why. The answers that it
     * owes then never come.
     */
    public void whenHung(Consumer<String> listener) {
        ofHung.add(listener);
    }

    /** Tells the listeners that the server hangs. */
    public void hung(String why) {
        ofHung.forEach(listener -> listener.accept(why));
    }

    /** Adds a listener that is told if the server still hangs although all requests have ended. */
    public void whenStuck(Runnable listener) {
        ofStuck.add(listener);
    }

    void stuck() {
        ofStuck.forEach(Runnable::run);
    }
}
