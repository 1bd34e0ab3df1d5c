package dev.weft.format.lora.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.DecoderNames;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.protocol.adapter.AdapterTask;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares the modules that 150 random configurations target, with rank and scale, with the answers
 * of PEFT's own check_target_module_exists and get_pattern_key (commit 5d602fd, after 0.21) for a
 * model of 12 layers. In the file, rows are {@code "RANK SCALE": [7 * layer + module, ...]}.
 */
class PeftTargetsTest {
    private static final DecoderShape TWELVE_LAYERS =
            new DecoderShape(12, 12, new DecoderShape.HeadCounts(4, 2, 5), 18);

    @Test
    void targetsRanksAndScalesAreThoseOfPeft() throws IOException {
        JsonNode cases;
        try (InputStream in = PeftTargetsTest.class.getResourceAsStream("peft-targets.json")) {
            cases = JsonMapper.shared().readTree(Objects.requireNonNull(in));
        }
        assertThat(cases).hasSize(150);

        for (JsonNode example : cases) {
            Map<Integer, String> expected = new TreeMap<>();
            example.path("rows")
                    .properties()
                    .forEach(row ->
                            row.getValue().forEach(i -> expected.put(i.intValue(), row.getKey())));

            assertThat(resolve((ObjectNode) example.path("config")))
                    .as(example.path("config").toString())
                    .isEqualTo(expected);
        }
    }

    private static Map<Integer, String> resolve(ObjectNode json) {
        Reasons reasons = new Reasons();
        PeftConfig config = new PeftConfigReader(json, reasons).read().orElseThrow();
        Map<Integer, String> rows = new TreeMap<>();
        List<ModulePath> all = ModulePath.all(TWELVE_LAYERS);
        for (TargetResolution.Target target :
                new TargetResolution(
                                DecoderNames.of(
                                        BaseShape.plain(TWELVE_LAYERS),
                                        List.of(),
                                        AdapterTask.CAUSAL_LM),
                                config,
                                64,
                                reasons)
                        .resolve()
                        .modules()) {
            rows.put(all.indexOf(target.module()), target.rank() + " " + target.scale());
        }
        TreeSet<String> codes = new TreeSet<>();
        reasons.refusals().forEach(reason -> codes.add(reason.code()));
        assertThat(codes).isSubsetOf(rows.isEmpty() ? "NO_TARGETS" : "none");
        return rows;
    }
}
