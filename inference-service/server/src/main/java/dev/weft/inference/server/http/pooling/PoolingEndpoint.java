package dev.weft.inference.server.http.pooling;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.error.Faults;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Answers requests for vectors and scores. */
public final class PoolingEndpoint {
    private final EmbeddingRequests embeddings;
    private final ScoreRequests scores;
    private final ClassifyRequests labels;
    private final EngineBridge bridge;
    private final ProcessMemory memory;

    /**
     * An endpoint for one engine.
     *
     * @param hiddenSize of the base
     */
    public PoolingEndpoint(Serving serving, EngineBridge bridge, int hiddenSize) {
        PoolServing pools = new PoolServing(serving);
        this.embeddings = new EmbeddingRequests(pools, hiddenSize);
        this.scores = new ScoreRequests(pools);
        this.labels = new ClassifyRequests(pools);
        this.bridge = bridge;
        this.memory = bridge.memory();
    }

    /** {@code /v1/embeddings}. */
    public Mono<ServerResponse> embed(ServerRequest request) {
        return answer(request, embeddings::read);
    }

    /** {@code /v1/score}. */
    public Mono<ServerResponse> score(ServerRequest request) {
        return answer(request, scores::score);
    }

    /** {@code /v1/rerank}. */
    public Mono<ServerResponse> rerank(ServerRequest request) {
        return answer(request, scores::rerank);
    }

    /** {@code /v1/classify}. */
    public Mono<ServerResponse> classify(ServerRequest request) {
        return answer(request, labels::read);
    }

    /** Makes a request from its body; may block. */
    private interface Reading {
        PreparedPool read(byte[] body, Sender sender) throws InterruptedException;
    }

    private Mono<ServerResponse> answer(ServerRequest request, Reading reading) {
        CompletionTrace trace = TraceFilter.of(request.exchange());
        boolean notes = AnswerNotes.ASKED.equals(request.headers().firstHeader(AnswerNotes.ASK));
        return Mono.using(
                        () -> RequestMemory.of(memory, request),
                        held ->
                                BoundedBody.of(request, held)
                                        .flatMap(body -> read(request, reading, body)),
                        RequestMemory::close)
                .flatMap(prepared -> {
                    trace.asked(prepared.model(), prepared.request());
                    return bridge.pool(prepared.request(), trace)
                            .doOnCancel(trace::cancelled)
                            .flatMap(answer -> whole(prepared, answer, notes, trace));
                });
    }

    private Mono<PreparedPool> read(ServerRequest request, Reading reading, byte[] body) {
        return bridge.blocking(() -> reading.read(body, Sender.of(request.headers())));
    }

    private static Mono<ServerResponse> whole(
            PreparedPool prepared, PooledAnswer answer, boolean notes, CompletionTrace trace) {
        byte[] body;
        try {
            body = prepared.format().write(answer);
        } catch (Error e) {
            // Reactor would throw it out of the operator, so that nobody would answer
            return Mono.error(Faults.ofRequest(e));
        }
        trace.answered(answer.usage(), List.of());
        ServerResponse.BodyBuilder response =
                ServerResponse.ok().contentType(MediaType.APPLICATION_JSON);
        if (notes) {
            TokenCount count =
                    new TokenCount(answer.usage().promptTokens(), 0, answer.vectors().size());
            response.header(AnswerNotes.USAGE, count.text());
        }
        return response.bodyValue(body);
    }
}
