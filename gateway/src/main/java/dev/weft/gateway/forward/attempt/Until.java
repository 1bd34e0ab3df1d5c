package dev.weft.gateway.forward.attempt;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A body that may be ended from outside. */
final class Until {
    private Until() {}

    /**
     * Passes a body on. If {@code end} fails before the body's end, this cancels the body and fails
     * as well. ({@code takeUntilOther} with a failing signal would pass the failure on, but not
     * cancel.)
     *
     * @param end never completes
     */
    static <T> Flux<T> fails(Mono<Void> end, Flux<T> body) {
        AtomicBoolean whole = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Flux<T> until =
                body.doOnComplete(() -> whole.set(true))
                        .takeUntilOther(end.doOnError(failure::set).materialize());
        Mono<T> last =
                Mono.defer(() -> {
                    Throwable why = failure.get();
                    return whole.get() || why == null ? Mono.empty() : Mono.error(why);
                });
        // of an iterable: see decision 0244
        return Flux.concat(List.of(until, last));
    }
}
