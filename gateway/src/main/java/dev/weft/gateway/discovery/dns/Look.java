package dev.weft.gateway.discovery.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** One look at all names of a source: what failed, and when to look again. One thread. */
final class Look {
    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

    private final List<String> problems = new ArrayList<>();
    private Duration pause;

    /**
     * A look that begins.
     *
     * @param longest time until the next look
     */
    Look(Duration longest) {
        pause = longest;
    }

    /** Waits for an answer; empty if there was none. */
    <T> Optional<List<T>> take(String question, CompletableFuture<DnsAnswer<T>> asked)
            throws InterruptedException {
        try {
            DnsAnswer<T> answer = asked.get();
            if (!answer.found().isEmpty()) {
                again(answer.ttl());
            }
            return Optional.of(answer.found());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            problem(question + ": " + text(cause == null ? e : cause));
            return Optional.empty();
        }
    }

    private static String text(Throwable failure) {
        return switch (failure) {
            case DnsFailure known -> String.valueOf(known.getMessage());
            case TimeoutException _ -> "no answer in time";
            default -> failure.toString();
        };
    }

    void problem(String text) {
        problems.add(text);
        again(AFTER_A_FAILURE);
    }

    private void again(Duration after) {
        pause = after.compareTo(pause) < 0 ? after : pause;
    }

    List<String> problems() {
        return problems;
    }

    /** Time until the next look. */
    Duration pause() {
        return pause.compareTo(SOONEST) < 0 ? SOONEST : pause;
    }
}
