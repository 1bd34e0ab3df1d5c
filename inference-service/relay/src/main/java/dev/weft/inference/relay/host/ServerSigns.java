package dev.weft.inference.relay.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** How long a server has owed a sign, and that it hangs. Any thread. */
public final class ServerSigns {
    private static final long NOTHING = 0;

    /** Requests that have not ended; guarded by the signs, as is the debt. */
    private int requests;

    /** Since when a sign is owed; {@link System#nanoTime()}. */
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

    /** The server has sent something. */
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

    /** How long it has owed a sign to whomever; zero if it owes none. */
    synchronized Duration quiet() {
        return owedSince == NOTHING
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - owedSince);
    }

    /**
     * Has somebody told when the server is found to hang, and why that is believed. What it owes
     * then never comes.
     */
    public void whenHung(Consumer<String> listener) {
        ofHung.add(listener);
    }

    /** The server hangs. */
    public void hung(String why) {
        ofHung.forEach(listener -> listener.accept(why));
    }

    /** Has somebody told when the server still hangs though all that it owed has ended. */
    public void whenStuck(Runnable listener) {
        ofStuck.add(listener);
    }

    void stuck() {
        ofStuck.forEach(Runnable::run);
    }
}
