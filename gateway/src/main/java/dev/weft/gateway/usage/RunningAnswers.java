package dev.weft.gateway.usage;

import dev.weft.protocol.usage.UsageBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The use of answers that have not ended. The thread that keeps the journal looks at those that
 * have run for longer than {@link #LONG}. Once it has looked at an answer, it also takes that
 * answer's end to the ledger. So each look has the answer exactly once, as one that runs or among
 * the counts, whenever the answer ends. The ends of all other answers go to the ledger at once.
 * Answers begin and end on any thread; one thread looks.
 */
final class RunningAnswers {
    /** Answers that end before are never looked at. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private final Set<Answer> running = ConcurrentHashMap.newKeySet();

    private static final class Answer {
        private final Supplier<UsageBatch.Line> soFar;
        private final long begun = System.nanoTime();
        private boolean seen;
        private boolean over;

        /** What it has used in the end; null while it runs, and if nobody has seen it run. */
        private UsageBatch.@Nullable Line end;

        Answer(Supplier<UsageBatch.Line> soFar) {
            this.soFar = soFar;
        }

        /** Ends the answer; false if the thread that has seen it run takes its end. */
        synchronized boolean end(UsageBatch.Line line) {
            over = true;
            end = seen ? line : null;
            return !seen;
        }

        synchronized UsageBatch.@Nullable Line end() {
            return end;
        }

        synchronized boolean isLong() {
            return seen || (!over && System.nanoTime() - begun > LONG.toNanos());
        }

        synchronized UsageBatch.@Nullable Line see() {
            if (!isLong()) {
                return null;
            }
            seen = true;
            return over ? end : soFar.get();
        }
    }

    /**
     * An answer begins.
     *
     * @param soFar what it would be booked with if it ended now
     * @param ledger takes its end
     * @return to be called once, with what the answer has used
     */
    Consumer<UsageBatch.Line> begin(
            Supplier<UsageBatch.Line> soFar, Consumer<UsageBatch.Line> ledger) {
        Answer answer = new Answer(soFar);
        running.add(answer);
        return line -> {
            if (answer.end(line)) {
                ledger.accept(line);
                running.remove(answer);
            }
        };
    }

    /** True if an answer has run for long. */
    boolean areLong() {
        return running.stream().anyMatch(Answer::isLong);
    }

    /** Takes to the ledger the ends of answers that {@link #see} has seen run. */
    void settle(Consumer<UsageBatch.Line> ledger) {
        running.removeIf(answer -> {
            UsageBatch.Line end = answer.end();
            if (end != null) {
                ledger.accept(end);
            }
            return end != null;
        });
    }

    /** The use of answers that have run for long and are not in the ledger. */
    List<UsageBatch.Line> see() {
        List<UsageBatch.Line> lines = new ArrayList<>();
        for (Answer answer : running) {
            UsageBatch.Line line = answer.see();
            if (line != null) {
                lines.add(line);
            }
        }
        return lines;
    }
}
