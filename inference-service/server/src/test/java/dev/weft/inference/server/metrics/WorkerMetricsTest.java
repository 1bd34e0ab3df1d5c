package dev.weft.inference.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.ScriptedEngine;
import dev.weft.inference.server.TestWorker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerMetricsTest {
    private static final String METRICS = "/metrics";

    private final HttpClient http = HttpClient.newHttpClient();
    private TestWorker worker;

    @BeforeEach
    void start(@TempDir Path data) throws IOException {
        worker =
                TestWorker.start(
                        data,
                        request ->
                                request.prompt().contains((int) '!')
                                        ? List.of((int) 'a', ScriptedEngine.FAILURE)
                                        : TestWorker.bytes("abcdefgh"));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        worker.close();
    }

    @Test
    void everythingThatHasNoLabelsOrKnownOnesIsThereFromTheStart() throws Exception {
        WorkerScrape scrape = scrape(METRICS);
        assertThat(scrape.contentType()).startsWith("text/plain");
        for (String zero :
                List.of(
                        "vllm:num_requests_running",
                        "vllm:num_requests_waiting",
                        "vllm:kv_cache_usage_perc",
                        "vllm:prompt_tokens_total",
                        "vllm:generation_tokens_total",
                        "vllm:request_success_total{finished_reason=\"stop\"}",
                        "vllm:request_success_total{finished_reason=\"length\"}",
                        "vllm:time_to_first_token_seconds_count",
                        "vllm:inter_token_latency_seconds_count",
                        "vllm:e2e_request_latency_seconds_count",
                        "vllm:request_queue_time_seconds_count",
                        "weft_tenants_waiting",
                        "weft_longest_wait_seconds",
                        "weft_kv_blocks{state=\"used\"}",
                        "weft_constrained_requests_total{kind=\"json_schema\"}",
                        "weft_grammar_compile_seconds_count",
                        "weft_adapter_resident{tier=\"slot\"}",
                        "weft_adapter_resident{tier=\"host\"}",
                        "weft_adapter_resident{tier=\"disk\"}",
                        "weft_adapter_memory_bytes{tier=\"disk\"}",
                        "weft_adapter_evictions_total{tier=\"slot\"}",
                        "weft_adapter_evictions_total{tier=\"host\"}",
                        "weft_adapter_loads_total{outcome=\"ok\"}",
                        "weft_adapter_loads_total{outcome=\"failed\"}",
                        "weft_adapter_reloads_total",
                        "weft_adapter_load_seconds_count{stage=\"fetch\"}",
                        "weft_adapter_load_seconds_count{stage=\"verify\"}",
                        "weft_adapter_load_seconds_count{stage=\"read\"}",
                        "weft_adapter_load_seconds_count{stage=\"load\"}",
                        "weft_adapter_load_seconds_count{stage=\"all\"}",
                        "weft_adapter_queue_seconds_count{weft_adapter=\"test-base\"}",
                        "weft_adapter_queue_seconds_count{weft_adapter=\"unknown\"}",
                        "weft_adapter_queue_seconds_count{weft_adapter=\"other\"}")) {
            assertThat(scrape.value(zero)).as(zero).isZero();
        }
        assertThat(scrape.value("weft_kv_blocks{state=\"free\"}")).isEqualTo(10);
        assertThat(scrape.value("vllm:cache_config_info{block_size=\"20\",num_gpu_blocks=\"10\"}"))
                .isEqualTo(1);
        assertThat(scrape.samples().keySet()).anyMatch(name -> name.startsWith("jvm_memory_"));
    }

    @Test
    void theRuntimesOwnAreThereWhicheverPathIsAskedFirst() throws Exception {
        assertThat(scrape("/actuator/prometheus").samples().keySet())
                .anyMatch(name -> name.startsWith("jvm_memory_"));
    }

    @Test
    void infosAreGaugesForWhoReadsPrometheusText() throws Exception {
        assertThat(scrape(METRICS).types())
                .containsEntry("vllm:lora_requests_info", "gauge")
                .containsEntry("vllm:cache_config_info", "gauge")
                .containsEntry("vllm:num_requests_waiting", "gauge")
                .containsEntry("vllm:request_success_total", "counter")
                .containsEntry("vllm:time_to_first_token_seconds", "histogram");
    }

    @Test
    void bothPathsAndBothFormatsShowTheSameSeries() throws Exception {
        String open = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
        WorkerScrape plain = scrape(METRICS);
        assertThat(own(scrape("/actuator/prometheus"))).isEqualTo(own(plain));
        for (String path : List.of(METRICS, "/actuator/prometheus")) {
            WorkerScrape asked = WorkerScrape.of(worker.service.address(), path, "Accept", open);
            assertThat(asked.contentType()).startsWith("application/openmetrics-text");
            assertThat(asked.text()).endsWith("# EOF\n");
            assertThat(own(asked)).isEqualTo(own(plain));
        }
        String utf8 = "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.1";
        assertThat(own(WorkerScrape.of(worker.service.address(), METRICS, "Accept", utf8)))
                .isEqualTo(own(plain));
    }

    @Test
    void bucketsAreThoseOfVllm() throws Exception {
        WorkerScrape scrape = scrape(METRICS);
        assertThat(scrape.bounds("vllm:time_to_first_token_seconds"))
                .startsWith(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1)
                .endsWith(640, 2560);
        assertThat(scrape.bounds("vllm:e2e_request_latency_seconds")).startsWith(0.3, 0.5, 0.8);
        assertThat(scrape.bounds("vllm:inter_token_latency_seconds")).startsWith(0.01, 0.025);
    }

    @Test
    void countsEachChoiceAndItsTokensOnce() throws Exception {
        assertThat(ask("hi", 3, 2).statusCode()).isEqualTo(200);
        WorkerScrape scrape = scrape(METRICS);
        assertThat(scrape.value("vllm:request_success_total{finished_reason=\"length\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("vllm:request_success_total{finished_reason=\"stop\"}")).isZero();
        assertThat(scrape.value("vllm:time_to_first_token_seconds_count")).isEqualTo(2);
        assertThat(scrape.value("vllm:inter_token_latency_seconds_count")).isEqualTo(4);
        assertThat(scrape.value("vllm:e2e_request_latency_seconds_count")).isEqualTo(2);
        assertThat(scrape.value("vllm:request_queue_time_seconds_count")).isEqualTo(2);
        assertThat(scrape.value("weft_adapter_queue_seconds_count{weft_adapter=\"test-base\"}"))
                .isEqualTo(2);
        assertThat(scrape.value("vllm:e2e_request_latency_seconds_sum"))
                .isGreaterThanOrEqualTo(scrape.value("vllm:time_to_first_token_seconds_sum"));
    }

    @Test
    void anAnswerThatBreaksOffIsNoSuccess() throws Exception {
        assertThat(ask("!", 5, 1).statusCode()).isEqualTo(502);
        WorkerScrape scrape = scrape(METRICS);
        assertThat(scrape.value("vllm:request_success_total{finished_reason=\"length\"}")).isZero();
        assertThat(scrape.value("vllm:e2e_request_latency_seconds_count")).isZero();
        assertThat(scrape.value("vllm:time_to_first_token_seconds_count")).isEqualTo(1);
        assertThat(scrape.value("vllm:num_requests_waiting")).isZero();
    }

    @Test
    void oneThatRunsIsRunning() throws Exception {
        worker.engine.hold();
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(request("hi", 3, 1), HttpResponse.BodyHandlers.ofString());
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (worker.engine.rows() == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
        assertThat(scrape(METRICS).value("vllm:num_requests_running")).isEqualTo(1);
        worker.engine.release();
        answer.get();
        assertThat(scrape(METRICS).value("vllm:num_requests_running")).isZero();
    }

    /** The metrics without the JVM's and the process's, which change by themselves. */
    private static List<String> own(WorkerScrape scrape) {
        return scrape.samples().keySet().stream()
                .filter(series -> series.startsWith("weft_") || series.startsWith("vllm:"))
                .toList();
    }

    private WorkerScrape scrape(String path) throws IOException, InterruptedException {
        return WorkerScrape.of(worker.service.address(), path);
    }

    private HttpResponse<String> ask(String prompt, int tokens, int choices)
            throws IOException, InterruptedException {
        return http.send(request(prompt, tokens, choices), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String prompt, int tokens, int choices) {
        String body =
                "{\"model\":\"test-base\",\"prompt\":\"%s\",\"max_tokens\":%d,\"n\":%d}"
                        .formatted(prompt, tokens, choices);
        return HttpRequest.newBuilder(worker.service.address().resolve("/v1/completions"))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
