package dev.weft.gateway.forward;

import dev.weft.gateway.forward.request.Waiting;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.measure.Wait;
import dev.weft.gateway.routing.name.Caller;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Targets;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Has requests wait for adapters that the catalog knows and is still making ready. */
record ComingAdapters(Targets targets, Waiting waiting, KnownBases bases) {
    /** True if the model is such an adapter. If there is none at all, this reads one field. */
    boolean include(String model, Caller caller) {
        return targets.isComing(model, caller);
    }

    /**
     * Completes once the model is ready, or can't become ready any more; the caller then looks it
     * up again. Fails with the client's error if it takes too long.
     */
    Mono<Void> settled(CompletionFilter.Sender sender, ServerWebExchange exchange, Tally tally) {
        String model = sender.head().model();
        return waiting.until(
                        () -> !targets.isComing(model, sender.caller()),
                        bases.ofComing(sender.caller().tenant(), model),
                        sender.who(),
                        exchange,
                        sender.time())
                .doOnSuccess(_ -> tally.waited(Wait.ADAPTER));
    }
}
