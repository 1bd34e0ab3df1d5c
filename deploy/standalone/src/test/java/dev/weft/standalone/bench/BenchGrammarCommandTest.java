package dev.weft.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BenchGrammarCommandTest {
    private static final String TOKENIZER = "../../samples/weft-tiny/base";
    private static final List<String> LINES =
            List.of(
                    "{'name':'one','schema':{'type':'object','properties':{'a':{'type':'number'}},"
                            + "'required':['a']},'tests':[{'valid':true,'data':{'b':[],'a':1.50}},"
                            + "{'valid':false,'data':{'a':'x'}}]}",
                    "{'name':'two','schema':{'pattern':'(a)\\\\1'},'tests':[{'valid':true,"
                            + "'data':'aa'}]}",
                    "{'name':'three','schema':{'type':'null'},'tests':[{'valid':true,'data':1}]}",
                    "{'name':'four','schema':true,'tests':[{'valid':false,'data':1e30}]}");

    @TempDir Path folder;

    private CommandLineRun grammar(String data, String... options) {
        String[] all = {"bench", "grammar", data, "--tokenizer", TOKENIZER, "--warmup", "0"};
        String[] more = Arrays.copyOf(all, all.length + options.length);
        System.arraycopy(options, 0, more, all.length, options.length);
        return CommandLineRun.of(more);
    }

    private String data(List<String> lines) throws IOException {
        List<String> json = lines.stream().map(line -> line.replace('\'', '"')).toList();
        return Files.write(folder.resolve("data.jsonl"), json).toString();
    }

    @Test
    void saysOfEachSchemaHowItIsServed() throws IOException {
        Path out = folder.resolve("verdicts.jsonl");
        CommandLineRun run = grammar(data(LINES), "--verdicts", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines =
                Files.readAllLines(out).stream().map(JsonMapper.shared()::readTree).toList();
        assertThat(lines)
                .extracting(line -> line.path("name").asString() + line.path("verdict").asString())
                .containsExactly("oneclean", "tworefused", "threeblocked", "fouraccepted");
        JsonNode refused =
                lines.stream()
                        .filter(line -> line.path("name").asString().equals("two"))
                        .findFirst()
                        .orElseThrow();
        assertThat(refused.path("pointer").asString()).isEqualTo("/pattern");
        assertThat(refused.path("keyword").asString()).isEqualTo("pattern");
        assertThat(refused.path("compile_us").asDouble()).isPositive();
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.propertyNames())
                                .containsExactly(
                                        "name",
                                        "verdict",
                                        "pointer",
                                        "keyword",
                                        "compile_us",
                                        "first_mask_us"));
        assertThat(run.out())
                .containsPattern("schemas +4: clean 1, blocked 1, accepted 1, refused 1")
                .containsPattern("valid not served +2 of 3 = 66.667 %")
                .containsPattern("refused +1 for 'pattern'");
    }

    @Test
    void verdictsDontDependOnHowTextsAreSplit() throws IOException {
        Path out = folder.resolve("verdicts.jsonl");
        String options = "--splits=random";
        CommandLineRun run = grammar(data(LINES), "--verdicts", out.toString(), options);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Files.readAllLines(out).stream().map(JsonMapper.shared()::readTree))
                .extracting(line -> line.path("name").asString() + line.path("verdict").asString())
                .containsExactly("oneclean", "tworefused", "threeblocked", "fouraccepted");
    }

    @Test
    void namesALineThatIsNoJson() throws IOException {
        CommandLineRun run = grammar(data(List.of(LINES.getFirst(), "{")));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("data.jsonl: line 2 is not JSON");
    }
}
