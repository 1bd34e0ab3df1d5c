package dev.weft.catalog.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.service.ServiceStart;
import dev.weft.tracing.Collector;
import dev.weft.tracing.RecordedSpan;
import dev.weft.tracing.TracingOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests the trace of an ingest, as a collector gets it. */
@Timeout(240)
class IngestTracesTest {
    @TempDir private Path folder;
    private Path adapters;
    private Collector collector;
    private RunningCatalog catalog;

    @BeforeEach
    void start() throws Exception {
        adapters = Files.createDirectories(folder.resolve("adapters"));
        collector = new Collector();
        ServiceStart off = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
        catalog = RunningCatalog.start(off.with(TracingOptions.class, collector.settings()));
    }

    @AfterEach
    void stop() {
        catalog.close();
        collector.close();
    }

    @Test
    void anIngestIsOneTraceWithItsStages() throws Exception {
        JsonNode version = catalog.ingest("sql", TestAdapter.write(adapters.resolve("sql"), 4, 1));

        RecordedSpan ingest = collector.await(span -> span.name().equals("ingest"));
        assertThat(ingest.service()).isEqualTo("weft-catalog");
        assertThat(ingest.attributes())
                .containsEntry("weft.adapter", "sql")
                .containsEntry("weft.adapter.version", "sql@1")
                .containsEntry("weft.adapter.digest", version.path("digest").asString())
                .containsEntry("weft.version.id", version.path("id").asString())
                .containsEntry("weft.source", "file")
                .containsEntry("weft.outcome", "ready");
        List<RecordedSpan> spans =
                collector.awaitAll(span -> span.trace().equals(ingest.trace()), 5);
        assertThat(spans)
                .extracting(RecordedSpan::name)
                .containsExactlyInAnyOrder("ingest", "fetch", "validate", "convert", "store");
        RecordedSpan convert = one(spans, "convert");
        for (String stage : List.of("fetch", "validate", "convert")) {
            assertThat(one(spans, stage).isChildOf(ingest)).as(stage).isTrue();
            assertThat(one(spans, stage).within(ingest)).as(stage).isTrue();
        }
        assertThat(one(spans, "store").isChildOf(convert)).isTrue();
        assertThat(spans).allMatch(span -> !"failed".equals(span.get("weft.outcome")));
        catalog.awaitMetrics("weft_spans_total{outcome=\"sent\"} 5.0");
    }

    @Test
    void aRejectionSaysItsCodesAndWhereItCame() throws Exception {
        catalog.ingest("empty", Files.createDirectories(adapters.resolve("empty")));

        RecordedSpan ingest = collector.await(span -> span.name().equals("ingest"));
        assertThat(ingest.get("weft.outcome")).isEqualTo("rejected");
        assertThat(ingest.get("error.type")).contains("FILE_MISSING");
        assertThat(ingest.get("weft.adapter.digest")).isNull();
        List<RecordedSpan> spans =
                collector.awaitAll(span -> span.trace().equals(ingest.trace()), 3);
        assertThat(one(spans, "fetch").get("weft.outcome")).isEqualTo("ok");
        assertThat(one(spans, "validate").get("weft.outcome")).isEqualTo("failed");
    }

    @Test
    void aSignatureInAnAddressIsNotTold() throws Exception {
        long id =
                catalog.register(
                                "far",
                                "REMOTE_URL",
                                "https://127.0.0.1:1/a.tar.gz?X-Amz-Signature=hush")
                        .path("id")
                        .asLong();
        catalog.settled(id);

        RecordedSpan ingest = collector.await(span -> span.name().equals("ingest"));
        assertThat(ingest.get("weft.repository"))
                .isEqualTo("REMOTE_URL:https://127.0.0.1:1/a.tar.gz?...");
        assertThat(collector.spans()).noneMatch(span -> span.raw().contains("hush"));
    }

    @Test
    void theTimeOfAStageLeadsToTheTraceOfTheIngest() throws Exception {
        catalog.ingest("sql", TestAdapter.write(adapters.resolve("sql"), 4, 1));
        RecordedSpan ingest = collector.await(span -> span.name().equals("ingest"));

        HttpRequest scrape =
                catalog.to("/actuator/prometheus")
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .build();
        String metrics = catalog.client().send(scrape, HttpResponse.BodyHandlers.ofString()).body();

        assertThat(metrics.lines())
                .anyMatch(line ->
                        line.startsWith("weft_catalog_ingest_seconds_bucket{")
                                && line.contains("trace_id=\"" + ingest.trace() + "\""));
    }

    private static RecordedSpan one(List<RecordedSpan> spans, String name) {
        return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
    }
}
