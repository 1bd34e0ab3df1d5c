package dev.weft.gateway.forward.attempt;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Two attempts at one request. The first of them that has a byte of its answer makes the answer,
 * and the other one is ended. If an attempt fails while the other one runs, the other one goes on
 * with the request. For one request, on its event loop.
 */
final class Race {
    private final Side first = new Side();
    private final Side second = new Side();
    private @Nullable Side winner;

    /** One of the two attempts. */
    final class Side {
        private final Sinks.Empty<Void> lost = Sinks.empty();
        private boolean runs;

        /** Claims the answer at its first byte; true if this side makes it. */
        boolean wins() {
            if (winner == null) {
                winner = this;
                Sinks.EmitResult _ = other().lost.tryEmitEmpty();
            }
            return hasWon();
        }

        boolean hasWon() {
            return winner == this;
        }

        /** The other side makes the answer. */
        boolean hasLost() {
            return winner == other();
        }

        /** The request does not depend on this side alone. */
        boolean hasCompany() {
            return other().runs;
        }

        private Side other() {
            return this == first ? second : first;
        }

        private Mono<Void> run(Mono<Void> attempt) {
            return Mono.defer(
                            () -> {
                                runs = true;
                                return attempt;
                            })
                    .onErrorResume(this::over)
                    .takeUntilOther(lost.asMono())
                    .then(Mono.defer(() -> wins() ? Mono.empty() : Mono.never()));
        }

        private Mono<Void> over(Throwable failure) {
            runs = false;
            boolean left = hasLost() || (!hasWon() && hasCompany());
            return left ? Mono.never() : Mono.error(failure);
        }
    }

    Side first() {
        return first;
    }

    Side second() {
        return second;
    }

    /**
     * Runs the race: completes with the answer, and fails with the last failure.
     *
     * @param attempt of the first side
     * @param later the attempt of the second side, once it is due; empty if there is none
     */
    Mono<Void> run(Mono<Void> attempt, Mono<Mono<Void>> later) {
        Mono<Void> hedge = later.switchIfEmpty(Mono.never()).flatMap(second::run);
        return Mono.firstWithSignal(first.run(attempt), hedge);
    }
}
