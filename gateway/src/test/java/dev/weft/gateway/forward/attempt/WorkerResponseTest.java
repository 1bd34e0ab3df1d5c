package dev.weft.gateway.forward.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.holder.Priority;
import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.forward.request.Closing;
import dev.weft.gateway.forward.request.Request;
import dev.weft.gateway.forward.request.RequestTime;
import dev.weft.gateway.measure.Answered;
import dev.weft.gateway.measure.RequestMetrics;
import dev.weft.gateway.measure.Tally;
import dev.weft.gateway.queue.Newcomer;
import dev.weft.gateway.routing.name.KnownBases;
import dev.weft.gateway.routing.name.Target;
import dev.weft.gateway.trace.RequestTrace;
import dev.weft.gateway.worker.ClockedWorker;
import dev.weft.gateway.worker.ListedWorker;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.protocol.adapter.ServedBases;
import dev.weft.protocol.feed.CatalogView;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.Operation;
import dev.weft.protocol.usage.TokenCount;
import dev.weft.service.settings.MetricsSettings;
import dev.weft.settings.bind.TestSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Checks what counts if a client leaves, which HTTP alone can't be made to show at will. */
class WorkerResponseTest {
    private static final String ANSWER = "{\"usage\":{}}";
    private static final DefaultDataBufferFactory BUFFERS = new DefaultDataBufferFactory();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final ToClient client = new ToClient();
    private final URI worker = URI.create("http://127.0.0.1:1");
    private final WorkerPool workers = new WorkerPool(null, new Loops(), ServiceTls.OFF);
    private final ClockedWorker clocked = new ClockedWorker();
    private final List<Request> requests = new ArrayList<>();
    private Disposable answer;

    @BeforeEach
    void begin() {
        client.getHeaders().setContentLength(ANSWER.length());
        client.getHeaders().set(AnswerNotes.USAGE, "7 3");
        answer = begin(client, _ -> {});
    }

    /** Has a client answered with what comes. */
    private Disposable begin(ToClient to, Consumer<Tally> knows) {
        RequestMetrics metrics =
                new RequestMetrics(
                        registry,
                        new KnownBases(ServedBases.of("base"), new CatalogView()),
                        new CatalogView(),
                        TestSettings.of().get(MetricsSettings.class));
        Tally tally = new Tally(metrics, Operation.CHAT, RequestTrace.NONE);
        Target target = new Target.Base("base");
        tally.known(target);
        knows.accept(tally);
        Request request =
                new Request(
                        new Newcomer("default", Priority.NORMAL, "/v1/chat/completions", 2),
                        new Request.Asked(target, "/v1/chat/completions", new byte[0]),
                        Duration.ofMinutes(1),
                        new Closing(metrics::inFlight),
                        RequestTime.unbounded(Schedulers.parallel()),
                        tally,
                        RequestTrace.NONE);
        to.setStatusCode(HttpStatus.OK);
        requests.add(request);
        return new WorkerResponse(
                        to,
                        request,
                        new Attempt(request, clocked.lease(), null),
                        RequestTrace.NONE.attempt(worker),
                        _ -> false,
                        new WorkerResponse.Named("/v1/completions", "1"))
                .writeWith(to.body.asFlux())
                .subscribe();
    }

    @Test
    void aClientThatLeavesWithTheWholeAnswerWasAnsweredAndTold() {
        comes(ANSWER.substring(0, 5));
        comes(ANSWER.substring(5));
        answer.dispose(); // before the worker's end was seen

        assertThat(requests("ok")).isEqualTo(1);
        assertThat(tokens("input")).isEqualTo(7);
        assertThat(tokens("output")).isEqualTo(3);
    }

    /** Else whoever takes an answer but for its last byte pays nothing. */
    @Test
    void aClientThatLeavesWithinItHasUsedWhatItsWorkerHasMade() {
        comes(ANSWER.substring(0, 5));
        answer.dispose();

        assertThat(requests("cancelled")).isEqualTo(1);
        assertThat(tokens("input")).isEqualTo(7);
        assertThat(tokens("output")).isEqualTo(3);
    }

    @Test
    void aClientThatLeavesBeforeItsFirstByteWasToldNothing() {
        answer.dispose();

        assertThat(requests("cancelled")).isEqualTo(1);
        assertThat(tokens("output")).isZero();
    }

    /** A write to a client that reset its connection fails as a worker's connection does. */
    @Test
    void aConnectionThatIsLostWithinAnAnswerIsTheClients() {
        comes(ANSWER.substring(0, 5));
        loseConnections(requests.getFirst());
        assertThat(workers.ejections(worker)).isZero();

        Disposable second = begin(new ToClient(), _ -> {});
        loseConnections(requests.getLast());
        assertThat(workers.ejections(worker)).isEqualTo(1);
        second.dispose();
    }

    private void loseConnections(Request request) {
        workers.take(List.of(new ListedWorker(worker, false)));
        for (int i = 0; i < 5; i++) {
            WorkerAttempts.failed(
                    workers.lease(worker, null).orElseThrow(),
                    request,
                    request.trace().attempt(worker),
                    MockServerWebExchange.from(MockServerHttpRequest.get("/")),
                    new IOException("Connection reset by peer"));
        }
    }

    @Test
    void whatComesAfterAClientDidNotReadOnIsNoTimeOfTokens() {
        List<Answered> ended = new ArrayList<>();
        List<Tally> tallies = new ArrayList<>();
        SlowClient slow = new SlowClient();
        slow.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        Disposable stream =
                begin(
                        slow,
                        tally -> {
                            tally.account(ended::add);
                            tallies.add(tally);
                        });
        comes(slow, ": weft-usage 7 1\ndata: 1\n\n");
        comes(slow, ": weft-usage 7 2\ndata: 2\n\n");
        comes(slow, ": weft-usage 7 9\ndata: 3\n\n");
        long since = System.nanoTime();
        while (System.nanoTime() - since <= OpenDemand.SHORT.toNanos()) {
            Thread.onSpinWait();
        }
        slow.reads.request(10);
        assertThat(slow.got).isEqualTo(3);
        tallies.getFirst().ended(200);
        stream.dispose();

        assertThat(ended.getFirst().told()).isEqualTo(new TokenCount(7, 9));
        assertThat(ended.getFirst().pace().told()).isEqualTo(new TokenCount(7, 2));
    }

    /** It may have sent them long before. */
    @Test
    void bytesThatASlowClientTakesDoNotProveThatItsWorkerIsAtWork() {
        for (MediaType type : List.of(MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_JSON)) {
            SlowClient slow = new SlowClient();
            slow.getHeaders().setContentType(type);
            Disposable answer = begin(slow, _ -> {});
            clocked.muchLater();
            comes(slow, "data: 1\n\n");
            assertThat(clocked.isAtWorkThoughItsProbeIsSilent()).isTrue();
            comes(slow, "data: 2\n\n");
            comes(slow, "data: 3\n\n");
            long since = System.nanoTime();
            while (System.nanoTime() - since <= OpenDemand.SHORT.toNanos()) {
                Thread.onSpinWait();
            }
            clocked.muchLater();
            slow.reads.request(10);
            assertThat(slow.got).isEqualTo(3);
            assertThat(clocked.isAtWorkThoughItsProbeIsSilent()).isFalse();
            answer.dispose();
            clocked.answers();
        }
    }

    /** What stands behind it releases what it discards. */
    @Test
    void theBodyOfADeclinedAnswerIsReleasedOnce() {
        ByteBuf bytes = Unpooled.copiedBuffer(new byte[8]);
        DataBuffer part = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT).wrap(bytes.retain());
        Flux<DataBuffer> replaced =
                WorkerResponse.replaced(Flux.just(part), 503)
                        .doOnDiscard(DataBuffer.class, DataBufferUtils::release);

        assertThatThrownBy(replaced::blockLast).isInstanceOf(AttemptFailed.class);
        assertThat(bytes.refCnt()).isEqualTo(1);
        bytes.release();
    }

    private void comes(String part) {
        comes(client, part);
    }

    private static void comes(ToClient to, String part) {
        assertThat(to.body.tryEmitNext(BUFFERS.wrap(part.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(Sinks.EmitResult.OK);
    }

    private long requests(String outcome) {
        return registry
                .get("gen_ai.server.request.duration")
                .tag("weft.outcome", outcome)
                .timers()
                .stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private double tokens(String type) {
        return registry
                .get("gen_ai.client.token.usage")
                .tag("gen_ai.token.type", type)
                .summaries()
                .stream()
                .mapToDouble(summary -> summary.totalAmount())
                .sum();
    }

    /** Takes what comes, as a client does. */
    private static class ToClient extends AbstractServerHttpResponse {
        final Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();

        ToClient() {
            super(BUFFERS);
        }

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // it is Spring's
        public <T> T getNativeResponse() {
            return (T) this;
        }

        @Override
        protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> from) {
            return Flux.from(from).then();
        }

        @Override
        protected Mono<Void> writeAndFlushWithInternal(
                Publisher<? extends Publisher<? extends DataBuffer>> from) {
            return Flux.from(from).concatMap(part -> part).then();
        }

        @Override
        protected void applyStatusCode() {}

        @Override
        protected void applyHeaders() {}

        @Override
        protected void applyCookies() {
            assertThat(getCookies()).isEmpty();
        }
    }

    /** Asks for two buffers, and then for what the test has it ask for. */
    private static final class SlowClient extends ToClient {
        private int got;
        private final BaseSubscriber<DataBuffer> reads =
                new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        request(2);
                    }

                    @Override
                    protected void hookOnNext(DataBuffer part) {
                        got++;
                    }
                };

        @Override
        protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> from) {
            return Mono.fromRunnable(() -> from.subscribe(reads)).then(Mono.never());
        }
    }
}
