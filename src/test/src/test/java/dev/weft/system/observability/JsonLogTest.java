package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import dev.weft.tracing.Collector;
import dev.weft.tracing.RecordedSpan;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the command with a JSON log, and with a collector that the environment names. */
class JsonLogTest {
    private static final String ID = "one-of-ours";

    /** Java's own message before Weft begins. */
    private static final String JVM = "WARNING: Using incubator modules";

    @Test
    void eachLineIsAnObjectAndARequestsNamesItsTrace(@TempDir Path folder) throws Exception {
        try (Collector collector = new Collector();
                Launched weft =
                        Launched.serve(
                                Sample.deploymentFile(),
                                folder,
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        collector.address().toString(),
                                        "OTEL_COLLECTOR_KEY",
                                        "Basic abc"),
                                "weft.log.format=json",
                                "weft.log.requests=true",
                                "weft.tracing.headers=authorization=key",
                                "weft.secrets.key.env=OTEL_COLLECTOR_KEY")) {
            HttpResponse<String> answer =
                    Http.send(
                            HttpRequest.newBuilder(weft.awaitReady().resolve("/v1/completions"))
                                    .header("Content-Type", "application/json")
                                    .header("x-request-id", ID)
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    """
                                                    {"model":"json","prompt":"hush hush","max_tokens":4}
                                                    """)));
            assertThat(answer.statusCode()).isEqualTo(200);
            RecordedSpan request = collector.await(span -> ID.equals(span.get("weft.request.id")));
            assertThat(collector.heads().getFirst().get("authorization"))
                    .containsExactly("Basic abc");
            assertThat(weft.end()).isTrue();

            List<JsonNode> lines =
                    weft.log()
                            .lines()
                            .filter(line -> !line.startsWith(JVM))
                            .map(Http.JSON::readTree)
                            .toList();
            assertThat(lines)
                    .allSatisfy(line ->
                            assertThat(line.propertyNames())
                                    .contains("timestamp", "level", "service", "message"));
            JsonNode line =
                    lines.stream()
                            .filter(one -> one.path("request_id").asString("").equals(ID))
                            .findFirst()
                            .orElseThrow();
            assertThat(line.path("trace_id").asString()).isEqualTo(request.trace());
            assertThat(line.path("span_id").asString()).isEqualTo(request.id());
            assertThat(line.path("adapter").asString()).isEqualTo("json");
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("outcome").asString()).isEqualTo("ok");
            assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
            assertThat(weft.log()).doesNotContain("hush");
        }
    }
}
