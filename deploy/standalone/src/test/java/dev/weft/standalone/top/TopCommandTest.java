package dev.weft.standalone.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.FakeHttp.Answer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests {@code top} against services with a test's metrics. */
final class TopCommandTest {
    private static final String NOBODY = "http://127.0.0.1:1";

    @Test
    void asksTheWorkersThatTheCatalogSaysAreAlive() {
        try (var worker = worker();
                var catalog = catalog(worker.address().toString())) {
            CommandLineRun run = top("--catalog", catalog.address().toString(), "--once");
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out().lines().toList().getFirst())
                    .startsWith("workers: 1, adapters: 1;");
            assertThat(run.out())
                    .contains("127.0.0.1:" + worker.address().getPort())
                    .contains("3/16")
                    .containsPattern("(?m)^sql .* 2\\.0 MiB$");
        }
    }

    @Test
    void showsOneFrameWithoutATerminalAndItsFiguresAsADocument() {
        try (var worker = worker()) {
            String address = worker.address().toString();
            assertThat(top("--worker", address).out()).contains("WORKER", "ADAPTER", "sql");
            JsonNode document =
                    JsonMapper.shared().readTree(top("--worker", address, "--json").out());
            JsonNode shown = document.at("/workers/0");
            assertThat(shown.path("address").asString()).isEqualTo(address);
            assertThat(shown.path("failure").isNull()).isTrue();
            assertThat(shown.path("waiting").asDouble()).isEqualTo(4);
            assertThat(shown.path("kv_usage").asDouble()).isEqualTo(0.25);
            assertThat(shown.path("tokens_per_second").asDouble()).isPositive();
            assertThat(shown.path("step_seconds").asDouble()).isCloseTo(0.02, within(1e-9));
            assertThat(shown.at("/phases/lora").asDouble()).isCloseTo(0.25, within(1e-9));
            assertThat(shown.path("prefix_hits").isNull()).as("not said").isTrue();
            assertThat(document.at("/adapters/0/name").asString()).isEqualTo("sql");
        }
    }

    @Test
    void oneWorkerThatIsAwayIsSaidAndTheOthersAreShown() {
        try (var worker = worker()) {
            CommandLineRun run =
                    top("--worker", worker.address().toString(), "--worker", NOBODY, "--once");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("does not answer", "3/16");
        }
    }

    @Test
    void saysWhereNoCatalogOfWeftIs() {
        try (var other = new FakeHttp(_ -> Answer.json(404, "{}"))) {
            CommandLineRun run = top("--catalog", other.address().toString(), "--once");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualTo("weft: no catalog of Weft is at %s/\n".formatted(other.address()));
        }
    }

    @Test
    void aTokenThatNoHeaderHoldsIsNotShown() {
        CommandLineRun run = top("--catalog", NOBODY, "--once", "--token", "hu\u201csh");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--token").doesNotContain("hu\u201csh");
    }

    @Test
    void saysWhereNothingAnswers() {
        CommandLineRun noWorker = top("--worker", NOBODY, "--once");
        assertThat(noWorker.exitCode()).isEqualTo(1);
        assertThat(noWorker.err()).contains("no worker answers: " + NOBODY);
        CommandLineRun noCatalog = top("--catalog", NOBODY, "--once");
        assertThat(noCatalog.exitCode()).isEqualTo(1);
        assertThat(noCatalog.err()).contains("no catalog answers at " + NOBODY);
        try (var catalog = new FakeHttp(_ -> FakeHttp.Answer.json(200, "[]"))) {
            CommandLineRun empty = top("--catalog", catalog.address().toString(), "--once");
            assertThat(empty.exitCode()).isEqualTo(1);
            assertThat(empty.err()).contains("knows no worker", "--worker");
        }
    }

    @Test
    void refusesAnAddressThatIsNone() {
        CommandLineRun run = top("--worker", "localhost:8080", "--once");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("'localhost:8080' is not allowed: an address like http://127.0.0.1:8080");
    }

    @Test
    void refusesAnIntervalThatIsNone() {
        CommandLineRun run = CommandLineRun.of("top", "--interval", "0", "--once");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--interval 0.0: allowed is 0.1 to 3600");
    }

    private static CommandLineRun top(String... arguments) {
        String[] all = new String[arguments.length + 5];
        all[0] = "top";
        all[1] = "--interval";
        all[2] = "0.1";
        all[3] = "--gateway";
        all[4] = NOBODY;
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return CommandLineRun.of(all);
    }

    private static FakeHttp catalog(String worker) {
        String workers =
                """
                [{"id":"w-1","address":"%s","slots":16,"held":[],"alive":true},
                 {"id":"w-2","address":"%s","slots":16,"held":[],"alive":false}]
                """
                        .formatted(worker, NOBODY);
        return new FakeHttp(request ->
                request.line().equals("GET /admin/v1/workers")
                        ? FakeHttp.Answer.json(200, workers)
                        : FakeHttp.Answer.json(404, "{}"));
    }

    /** A worker on which each scrape finds ten steps and forty tokens more. */
    private static FakeHttp worker() {
        var looks = new AtomicInteger();
        return new FakeHttp(request -> {
            int look = looks.incrementAndGet();
            String text =
                    """
                    vllm:generation_tokens_total %d
                    vllm:num_requests_running 2
                    vllm:num_requests_waiting 4
                    vllm:kv_cache_usage_perc 0.25
                    vllm:lora_requests_info{max_lora="16",running_lora_adapters="sql",waiting_lora_adapters=""} 1.7e9
                    weft_adapter_resident{tier="slot"} 3
                    weft_adapter_bytes{tier="slot",weft_adapter="sql"} 2097152
                    weft_adapter_queue_seconds_count{weft_adapter="sql"} %d
                    weft_adapter_queue_seconds_sum{weft_adapter="sql"} 0.5
                    weft_engine_step_seconds_sum %s
                    weft_engine_step_seconds_count %d
                    weft_engine_phase_seconds_total{phase="linear"} %s
                    weft_engine_phase_seconds_total{phase="lora"} %s
                    """
                            .formatted(
                                    40 * look,
                                    look,
                                    0.2 * look,
                                    10 * look,
                                    0.15 * look,
                                    0.05 * look);
            return request.line().equals("GET /metrics")
                    ? new FakeHttp.Answer(200, "text/plain", text)
                    : FakeHttp.Answer.json(404, "{}");
        });
    }
}
