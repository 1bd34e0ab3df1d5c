package dev.weft.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracingTest {
    @Test
    void aSpanReachesTheCollectorWithItsServiceAndTheHeadersItAsksFor() throws Exception {
        try (var collector = new Collector();
                var tracing =
                        Tracing.start(
                                new TracingOptions(
                                        collector.settings().endpoint(),
                                        1,
                                        false,
                                        () -> Map.of("authorization", "Basic abc"),
                                        Map.of("k8s.pod.name", "pod-1"),
                                        Collector.SOON),
                                "weft-test")) {
            tracing.tracer().spanBuilder("one").startSpan().end();
            RecordedSpan span = collector.await(s -> s.name().equals("one"));
            assertThat(span.service()).isEqualTo("weft-test");
            assertThat(span.parent()).isEmpty();
            assertThat(collector.heads().getFirst().get("authorization"))
                    .containsExactly("Basic abc");
        }
    }

    @Test
    void whatWaitsAtTheEndIsSent() throws Exception {
        try (var collector = new Collector()) {
            Tracing tracing = Tracing.start(collector.settings(), "weft-test");
            tracing.tracer().spanBuilder("last").startSpan().end();
            tracing.close();
            assertThat(collector.spans()).extracting(RecordedSpan::name).containsExactly("last");
            assertThat(tracing.counts().sent()).isEqualTo(1);
        }
    }

    @Test
    void moreThanCanWaitAreDroppedAndCounted() throws Exception {
        try (var collector = new Collector()) {
            collector.saysNothing();
            Tracing tracing = Tracing.start(collector.settings(), "weft-test");
            int spans = SpanQueue.MOST_WAITING + 100;
            for (int i = 0; i < spans; i++) {
                tracing.tracer().spanBuilder("many").startSpan().end();
            }
            assertThat(tracing.counts().dropped()).isEqualTo(100);
            tracing.close();
            assertThat(tracing.counts().sent()).isZero();
        }
    }

    @Test
    void whatTheCollectorRefusesIsCounted() throws Exception {
        try (var collector = new Collector()) {
            collector.answers(400);
            Tracing tracing = Tracing.start(collector.settings(), "weft-test");
            tracing.tracer().spanBuilder("refused").startSpan().end();
            tracing.close();
            assertThat(tracing.counts().failed()).isEqualTo(1);
        }
    }

    @Test
    void aCollectorThatIsNotThereHoldsUpNobody() throws IOException {
        URI nowhere;
        try (var socket = new ServerSocket(0)) {
            nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1/traces");
        }
        Tracing tracing =
                Tracing.start(
                        new TracingOptions(nowhere, 1, false, Map::of, Map.of(), Collector.SOON),
                        "weft-test");
        Span span = tracing.tracer().spanBuilder("lost").startSpan();
        span.end();
        tracing.close();
        assertThat(tracing.counts().sent()).isZero();
    }

    @Test
    void withoutAnEndpointNothingIsRecorded() {
        Tracing tracing = Tracing.start(TracingOptions.OFF, "weft-test");
        assertThat(tracing.isOn()).isFalse();
        assertThat(tracing.tracer().spanBuilder("none").startSpan().isRecording()).isFalse();
    }
}
