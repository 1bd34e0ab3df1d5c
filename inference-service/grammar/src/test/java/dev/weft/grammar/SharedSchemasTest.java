package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Schemas of others, if they lie beside the project. */
final class SharedSchemasTest {
    private static final Path SCHEMAS = Path.of("../../../shared/schemas");
    private static final Path SUITE = SCHEMAS.resolve("json-schema-test-suite.json.gz");
    private static final Path BENCH = SCHEMAS.resolve("maskbench.jsonl.gz");

    /** Every so many schemas of the benchmark are tried here. */
    private static final int EVERY = 30;

    static boolean areThere() {
        return Files.isRegularFile(SUITE) && Files.isRegularFile(BENCH);
    }

    private static InputStream open(Path file) throws IOException {
        return new GZIPInputStream(Files.newInputStream(file));
    }

    @Test
    @EnabledIf(value = "areThere", disabledReason = "../shared/schemas is not there")
    void servesMostOfTheTestSuiteAndAcceptsNothingInvalid() throws Exception {
        int served = 0;
        int all = 0;
        try (InputStream in = open(SUITE)) {
            for (JsonNode group : JsonMapper.shared().readTree(in).path("groups")) {
                all++;
                served += isServed(group, group.path("file").asString("")) ? 1 : 0;
            }
        }
        assertThat(served).isGreaterThan(all * 80 / 100);
    }

    @Test
    @EnabledIf(value = "areThere", disabledReason = "../shared/schemas is not there")
    void servesRealSchemas() throws Exception {
        int served = 0;
        int all = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(open(BENCH), StandardCharsets.UTF_8))) {
            String line;
            for (int i = 0; (line = lines.readLine()) != null; i++) {
                if (i % EVERY == 0) {
                    all++;
                    JsonNode row = JsonMapper.shared().readTree(line);
                    served += isServed(row, row.path("name").asString("")) ? 1 : 0;
                }
            }
        }
        assertThat(served).isGreaterThan(all * 97 / 100);
    }

    /** Whether all that is valid gets through; nothing else may. */
    private static boolean isServed(JsonNode group, String name) throws GrammarException {
        Grammar grammar;
        try {
            grammar = Grammar.jsonSchema(group.path("schema"), GrammarOptions.defaults());
        } catch (GrammarException e) {
            return false;
        }
        List<String> blocked = new ArrayList<>();
        for (JsonNode test : group.path("tests")) {
            String text = test.path("data").toString();
            boolean accepted = Walks.accepts(grammar, text);
            if (test.path("valid").booleanValue()) {
                if (!accepted) {
                    blocked.add(text);
                }
            } else {
                assertThat(accepted).as(name + " " + text).isFalse();
            }
        }
        return blocked.isEmpty();
    }
}
