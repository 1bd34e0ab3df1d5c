package dev.weft.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BenchPerplexityCommandTest {
    private static final String SAMPLE = "../../samples/weft-tiny.yaml";

    @TempDir Path folder;

    private CommandLineRun perplexity(String... options) {
        var all = new ArrayList<>(List.of("bench", "perplexity", SAMPLE));
        all.addAll(List.of("--data", folder.resolve("data").toString()));
        all.addAll(List.of(options));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private String text(String content) throws IOException {
        return Files.writeString(folder.resolve("text.txt"), content).toString();
    }

    @Test
    void printsAndWritesTheSamplesFigures() throws IOException {
        Path out = folder.resolve("out.json");
        String text = text("Write a query that counts the orders of each customer in May.");
        CommandLineRun run = perplexity("--text", text, "--json", out.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("loading the base in bf16\n", "loading the base in int8\n");
        JsonNode json = JsonMapper.shared().readTree(Files.readString(out));
        double bf16 = json.at("/perplexity/bf16").asDouble();
        double int8 = json.at("/perplexity/int8").asDouble();
        double cache = json.at("/perplexity/int8_cache").asDouble();
        assertThat(bf16).isGreaterThan(1);
        assertThat(json.path("ratio").asDouble()).isCloseTo(int8 / bf16, offset(1e-12));
        assertThat(json.path("cache_ratio").asDouble()).isCloseTo(cache / bf16, offset(1e-12));
        assertThat(json.at("/kernels/bf16").asString())
                .matches("\\S+.* bf16, instruction set \\S+");
        assertThat(json.at("/kernels/int8").asString())
                .matches("\\S+.* int8, instruction set \\S+");
        assertThat(json.path("text").asString()).isEqualTo(text);
        assertThat(json.at("/environment/weft").asString()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(run.out())
                .contains("%d predicted".formatted(json.path("tokens").asInt()))
                .containsPattern(
                        "perplexity +%.4f in bf16, on \\S+.* instruction set".formatted(bf16))
                .containsPattern("%.4f in int8".formatted(int8))
                .contains("int8/bf16   %.4f\n".formatted(int8 / bf16))
                .endsWith("KV cache    %.4f, int8/bf16\n".formatted(cache / bf16));
    }

    @Test
    void aCopyIn4BitsIsMeasuredInItsPlace() throws IOException {
        Path out = folder.resolve("out.json");
        String text = text("Write a query that counts the orders of each customer in May.");
        CommandLineRun run = perplexity("--text", text, "--round", "awq", "--json", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = JsonMapper.shared().readTree(Files.readString(out));
        double dequantised = json.at("/perplexity/dequantised").asDouble();
        assertThat(dequantised).isGreaterThan(1);
        assertThat(json.at("/kernels/bf16").asString()).contains("vector int4");
        assertThat(json.path("checkpoint").asString())
                .endsWith(", its linear layers rounded to 4 bits, awq");
        assertThat(run.out())
                .endsWith(
                        "%.4f of %.4f with these dequantised to floats\n"
                                .formatted(json.path("dequantised_ratio").asDouble(), dequantised));
        try (Stream<Path> left = Files.walk(folder.resolve("data"))) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().contains("rounded"));
        }
    }

    @Test
    void aFormThatThereIsNotIsNamed() {
        CommandLineRun run = perplexity("--round", "marlin");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("gptq, awq, packed");
    }

    @Test
    void aTextThatIsNotThereIsNamed() {
        CommandLineRun run = perplexity("--text", "nowhere.txt");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "Invalid value for option '--text': 'nowhere.txt' is not allowed: a file"
                                + " that is there");
    }

    @Test
    void aTextWithoutWordsIsNamed() throws IOException {
        CommandLineRun run = perplexity("--text", text(" \n"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("text.txt' is not allowed: a file with text in it");
    }

    @Test
    void aTextThatIsNotInUtf8IsNamed() throws IOException {
        Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe9, 'b'});
        CommandLineRun run = perplexity("--text", latin.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("latin.txt' is not allowed: a file in UTF-8");
    }

    @Test
    void aFolderWithoutACheckpointIsTold() throws IOException {
        Path none = Files.createDirectory(folder.resolve("none"));
        CommandLineRun run =
                perplexity(
                        "--text",
                        text("Some words."),
                        "--set",
                        "trt_llm.build.checkpoint_repository.repo=" + none);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .containsPattern(
                        "weft: the perplexity of .*none.* can't be measured: .*config.json");
    }
}
