package dev.weft.system.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Program;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** Finds the series that expressions select, by Prometheus' own grammar (npm's lezer-promql). */
final class PromQl {
    /**
     * A series selector.
     *
     * @param labels labels that it matches, and those that aggregations around it keep
     */
    record Selector(String name, List<String> labels) {}

    private PromQl() {}

    /** The selectors of each expression, which may contain Grafana's variables. */
    static List<List<Selector>> selectors(List<String> expressions) throws Exception {
        List<String> plain = new ArrayList<>();
        for (String expression : expressions) {
            plain.add(expression.replaceAll("\\[\\$__\\w+]", "[5m]"));
        }
        ProcessBuilder builder =
                Program.node(Program.NPM, "@prometheus-io/lezer-promql")
                        .with(List.of("src/test/node/promql-selectors.cjs"));
        builder.environment().put("WEFT_NPM", Program.NPM.toString());
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(Http.JSON.writeValueAsBytes(plain));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        List<List<Selector>> selectors = Http.JSON.readValue(output, new TypeReference<>() {});
        assertThat(selectors).hasSameSizeAs(expressions);
        return selectors;
    }
}
