package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.tracing.Collector;
import dev.weft.tracing.RecordedSpan;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request is one trace from the client over gateway and worker to the server beside it. */
class RelayTracesTest {
    private static final String TRACE = "%032x".formatted(0xfeed0001L);

    private static final int REQUESTS = 100;

    @TempDir private Path folder;

    private static RecordedSpan one(List<RecordedSpan> spans, String service, String name) {
        List<RecordedSpan> found =
                spans.stream()
                        .filter(span -> span.service().equals(service) && span.name().equals(name))
                        .toList();
        assertThat(found).as(service + " " + name).hasSize(1);
        return found.getFirst();
    }

    @Test
    void theServerContinuesTheWorkersTrace() throws Exception {
        try (Collector collector = new Collector();
                RelayFleet<VllmStub> relay =
                        RelayFleet.start(
                                folder,
                                VllmStub.Errors.PYTHON,
                                2,
                                2,
                                "weft.tracing.otlp-endpoint=" + collector.address())) {
            HttpResponse<String> answer =
                    Http.send(
                            HttpRequest.newBuilder(relay.chat())
                                    .header("Content-Type", "application/json")
                                    .header("traceparent", "00-" + TRACE + "-00000000000000aa-01")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    RelayFleet.streamed("sql", 8))));
            assertThat(answer.body()).contains("data: [DONE]");
            List<RecordedSpan> spans = collector.awaitAll(span -> span.trace().equals(TRACE), 4);

            RecordedSpan request = one(spans, "weft-gateway", "POST /v1/chat/completions");
            RecordedSpan attempt = one(spans, "weft-gateway", "chat sql");
            RecordedSpan worker = one(spans, "weft-worker", "POST /v1/chat/completions");
            RecordedSpan load = one(spans, "weft-worker", "adapter load");
            assertThat(request.parent()).isEqualTo("00000000000000aa");
            assertThat(attempt.isChildOf(request)).isTrue();
            assertThat(worker.isChildOf(attempt)).isTrue();
            assertThat(load.isChildOf(worker)).isTrue();
            assertThat(worker.attributes())
                    .containsEntry("gen_ai.request.model", "sql")
                    .containsEntry("weft.adapter", "sql")
                    .containsEntry("weft.outcome", "ok")
                    .containsEntry("gen_ai.usage.output_tokens", "8");
            assertThat(relay.stub.receivedTrace())
                    .isEqualTo("00-" + TRACE + "-" + worker.id() + "-01");
        }
    }

    @Test
    void theSpanOfEachRequestTellsItsTokens() throws Exception {
        try (Collector collector = new Collector();
                RelayFleet<VllmStub> relay =
                        RelayFleet.start(
                                folder,
                                VllmStub.Errors.PYTHON,
                                2,
                                2,
                                "weft.tracing.otlp-endpoint=" + collector.address())) {
            for (int request = 0; request < REQUESTS; request++) {
                Http.post(relay.chat(), RelayFleet.streamed("sql", 8));
            }

            assertThat(collector.awaitAll(RelayTracesTest::isOfTheWorker, REQUESTS))
                    .allSatisfy(span ->
                            assertThat(span.attributes())
                                    .containsEntry("weft.outcome", "ok")
                                    .containsEntry("gen_ai.usage.output_tokens", "8"));
        }
    }

    private static boolean isOfTheWorker(RecordedSpan span) {
        return span.service().equals("weft-worker")
                && span.parent().length() > 0
                && span.name().startsWith("POST ");
    }
}
