package dev.weft.inference.server.http;

import dev.weft.inference.server.residency.AheadLoads;
import dev.weft.inference.server.state.States;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.worker.AheadOrder;
import dev.weft.protocol.worker.WorkerState;
import dev.weft.protocol.worker.WorkerStateCodec;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * Tells gateways the worker's states as an endless event stream, and takes their orders to load an
 * adapter ahead. A follower that reads slowly gets the latest state and misses those between.
 */
final class StateEndpoint {
    private static final int USUAL_SIZE = 512;

    private final States states;
    private final AheadLoads ahead;

    StateEndpoint(States states, AheadLoads ahead) {
        this.states = states;
        this.ahead = ahead;
    }

    /** Makes the routes. */
    public RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET(WorkerStateCodec.PATH, this::events)
                .POST(AheadOrder.PATTERN, this::loadAhead)
                .build();
    }

    private Mono<ServerResponse> loadAhead(ServerRequest request) {
        String digest = request.pathVariable("digest");
        if (!AdapterDigest.isDigest(digest)) {
            return ServerResponse.badRequest().build();
        }
        boolean begun = ahead.begin(AdapterDigest.parse(digest));
        return begun ? ServerResponse.accepted().build() : ServerResponse.noContent().build();
    }

    private Mono<ServerResponse> events(ServerRequest request) {
        DataBufferFactory buffers = request.exchange().getResponse().bufferFactory();
        Flux<DataBuffer> events =
                Flux.<WorkerState>create(this::follow, FluxSink.OverflowStrategy.LATEST)
                        .map(StateEndpoint::event)
                        .concatMap(event -> Mono.just(buffers.wrap(event)), 1);
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .body((response, _) -> response.writeWith(events));
    }

    private void follow(FluxSink<WorkerState> sink) {
        States.Follower follower =
                new States.Follower() {
                    @Override
                    public void tell(WorkerState state) {
                        sink.next(state);
                    }

                    @Override
                    public void end() {
                        sink.complete();
                    }
                };
        sink.onDispose(() -> states.leave(follower));
        states.follow(follower);
    }

    private static byte[] event(WorkerState state) {
        EventWriter writer = new EventWriter(USUAL_SIZE);
        writer.event(WorkerStateCodec.EVENT);
        writer.data(WorkerStateCodec.encode(state)).end();
        return writer.toByteArray();
    }
}
