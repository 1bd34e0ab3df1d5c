package dev.weft.inference.server.http.pooling;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.answer.PooledAnswer;
import dev.weft.inference.server.http.body.AnswerBody;
import dev.weft.inference.server.http.body.BoundedBody;
import dev.weft.inference.server.http.body.HeldAnswer;
import dev.weft.inference.server.http.body.RequestMemory;
import dev.weft.inference.server.http.body.Sender;
import dev.weft.inference.server.http.bridge.Blocking;
import dev.weft.inference.server.http.bridge.EngineBridge;
import dev.weft.inference.server.http.outcome.TraceFilter;
import dev.weft.inference.server.http.request.Serving;
import dev.weft.inference.server.trace.CompletionTrace;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.util.List;
import org.springframework.http.HttpHeaders;
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
    public PoolingEndpoint(
            Serving serving, EngineBridge bridge, ProcessMemory memory, int hiddenSize) {
        PoolServing pools = new PoolServing(serving);
        this.embeddings = new EmbeddingRequests(pools, hiddenSize);
        this.scores = new ScoreRequests(pools);
        this.labels = new ClassifyRequests(pools);
        this.bridge = bridge;
        this.memory = memory;
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
                    return HeldAnswer.json(
                            () -> RequestMemory.of(memory, prepared.request()),
                            (held, response) ->
                                    pool(prepared, trace, held)
                                            .flatMap(answer -> {
                                                AnswerBody body = body(prepared, answer, held);
                                                trace.answered(answer.usage(), List.of());
                                                if (notes) {
                                                    note(answer, response.getHeaders());
                                                }
                                                return body.to(response);
                                            }));
                });
    }

    private Mono<PooledAnswer> pool(
            PreparedPool prepared, CompletionTrace trace, RequestMemory memory) {
        memory.take(prepared.format().heldBytes());
        return bridge.pool(prepared.request(), trace, memory.claim()).doOnCancel(trace::cancelled);
    }

    private Mono<PreparedPool> read(ServerRequest request, Reading reading, byte[] body) {
        return Blocking.run(() -> reading.read(body, Sender.of(request.headers())));
    }

    private static AnswerBody body(
            PreparedPool prepared, PooledAnswer answer, RequestMemory memory) {
        return AnswerBody.of(memory, target -> prepared.format().write(answer, target));
    }

    private static void note(PooledAnswer answer, HttpHeaders headers) {
        TokenCount count =
                new TokenCount(answer.usage().promptTokens(), 0, answer.vectors().size());
        headers.set(AnswerNotes.USAGE, count.text());
    }
}
