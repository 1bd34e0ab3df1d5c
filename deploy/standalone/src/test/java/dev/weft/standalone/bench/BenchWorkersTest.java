package dev.weft.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import dev.weft.standalone.FakeHttp;
import dev.weft.standalone.OpenAiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tests that {@code bench} says what the workers of its server compute with. */
@Timeout(180)
final class BenchWorkersTest {
    private static final String GATEWAY = "weft_gateway_workers{state=\"ready\"} 1.0\n";

    @TempDir Path folder;

    private final OpenAiServer server = new OpenAiServer();
    private final FakeHttp worker =
            new FakeHttp(request -> metrics(request, kernels("vector x8 int8", "avx2")));

    @AfterEach
    void close() {
        server.close();
        worker.close();
    }

    private static FakeHttp.Answer metrics(FakeHttp.Request request, String text) {
        return request.line().equals("GET /actuator/prometheus")
                ? new FakeHttp.Answer(200, "text/plain", text)
                : FakeHttp.Answer.json(404, "{}");
    }

    private static String kernels(String name, String instructions) {
        return "weft_engine_kernels_info{engine=\"cpu\",instruction_set=\"%s\",kernels=\"%s\"} 1\n"
                .formatted(instructions, name);
    }

    private CommandLineRun bench(String... options) {
        var all = new ArrayList<>(List.of("bench", server.address().toString()));
        all.addAll(List.of("--json", folder.resolve("out.json").toString()));
        all.addAll(List.of("--models", "good", "--requests", "1", "--warmup", "0"));
        all.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private JsonNode workers() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("out.json")))
                .path("workers");
    }

    @Test
    void aWorkerThatIsNamedSaysItsLevel() throws IOException {
        CommandLineRun run = bench("--worker", worker.address().toString());
        assertThat(run.out())
                .contains(
                        "engine    cpu, vector x8 int8, instruction set avx2, worker "
                                + worker.address()
                                + "\n");
        assertThat(workers().toString())
                .isEqualTo(
                        "[{\"worker\":\"%s\",\"engine\":\"cpu\",\"kernels\":\"vector x8 int8\",\"instruction_set\":\"avx2\"}]"
                                .formatted(worker.address()));
    }

    @Test
    void aWorkerThatIsAskedItselfSaysItsLevel() throws IOException {
        server.tells(kernels("onednn bf16", "amx"));
        assertThat(bench().out())
                .contains(
                        "engine    cpu, onednn bf16, instruction set amx, worker "
                                + server.address());
    }

    @Test
    void theWorkersOfAGatewayAreThoseThatTheCatalogKnows() {
        server.tells(GATEWAY);
        String known =
                "[{\"alive\":true,\"address\":\"%s\"},{\"alive\":false,\"address\":\"http://gone\"}]"
                        .formatted(worker.address());
        try (FakeHttp catalog = new FakeHttp(_ -> FakeHttp.Answer.json(200, known))) {
            assertThat(bench("--catalog", catalog.address().toString()).out())
                    .contains("engine    cpu, vector x8 int8, instruction set avx2, worker ")
                    .doesNotContain("gone");
        }
    }

    @Test
    void aGatewayWhoseCatalogIsAwayIsMeasuredAllTheSame() throws IOException {
        server.tells(GATEWAY);
        FakeHttp catalog = new FakeHttp(_ -> FakeHttp.Answer.json(500, "{}"));
        catalog.close();
        assertThat(bench("--catalog", catalog.address().toString()).out())
                .contains(
                        "note      which kernels answer is not known: no catalog answers at "
                                + catalog.address()
                                + "; --worker names a worker\n");
        assertThat(workers().size()).isZero();
    }

    @Test
    void anotherProgramsServerIsNotAskedFurther() throws IOException {
        assertThat(bench("--catalog", worker.address().toString()).out())
                .doesNotContain("engine ", "note ");
        assertThat(workers().size()).isZero();
        assertThat(worker.requests()).isEmpty();
    }

    @Test
    void aWorkerThatDoesNotSayIsNamed() {
        worker.close();
        assertThat(bench("--worker", worker.address().toString()).out())
                .contains("note      worker " + worker.address() + " doesn't say its kernels\n");
    }
}
