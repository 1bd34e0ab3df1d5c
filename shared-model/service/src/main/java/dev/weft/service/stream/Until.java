package dev.weft.service.stream;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Streams that may be ended from outside. */
public final class Until {
    private Until() {}

    /**
     * Passes a stream on. If {@code end} fails before the stream's end, this cancels the stream and
     * fails as well. ({@code takeUntilOther} with a failing signal would pass the failure on, but
     * not cancel.) For one subscriber.
     *
     * @param end never completes
     */
    public static <T> Flux<T> fails(Mono<Void> end, Flux<T> stream) {
        AtomicBoolean whole = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Flux<T> until =
                stream.doOnComplete(() -> whole.set(true))
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
