package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.random;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files that versions of PEFT read differently, which say their version since 0.18. What the older
 * ones read is as PEFT 0.13.2, 0.14.0 and 0.17.1 have it.
 */
class OlderVersionsTest extends AdaptersAtEdges {
    private static final DecoderShape MULTIPLIED = base(true, true);

    /** The adapter has rank 4 and alpha 8, and q_proj and k_proj as targets. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // the key of the rank takes the module's alpha
                "{'self_attn.q_proj':4};{'q_proj':64};before PEFT 0.14",
                // without a group, only the last choice ends the path
                "{};{'k_proj|q_proj':64};before PEFT 0.14",
                "{};{'^model.layers.0.self_attn.q_proj':64};before PEFT 0.14",
                // apart, the choice's own key is no path
                "{'k_proj':4};{'self_attn.q_proj|k_proj':64};before PEFT 0.14"
            })
    void warnsOfPatternsWithTwoMeanings(String ranks, String alphas, String found)
            throws IOException {
        assertThat(warnings(patterns(ranks, alphas)))
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("AMBIGUOUS_PATTERN");
                    assertThat(reason.tensor()).isEqualTo("alpha_pattern");
                    assertThat(reason.found())
                            .startsWith("model.layers.0.self_attn.")
                            .contains("scale 2.0 " + found + ", 16.0 since");
                    assertThat(reason.allowed()).contains("peft_version from 0.15 on");
                });
        for (String version : List.of("0.14.0", "0.1", "0", "newest")) {
            assertThat(warnings(patterns(ranks, alphas).with("peft_version", version)))
                    .as(version)
                    .hasSize(1);
        }
        for (String version : List.of("0.15.0", "0.18.1.dev0@main", "0.21.2", "1.0")) {
            assertThat(warnings(patterns(ranks, alphas).with("peft_version", version)))
                    .as(version)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'q_proj':4};{'q_proj':64}",
                "{'layers.0.self_attn.q_proj':4};{'layers.0.self_attn.q_proj':64}",
                "{'model.layers.0.self_attn.q_proj':4};{'model.layers.0.self_attn.q_proj':64}",
                "{'k_proj':4};{'q_proj':64}",
                "{'self_attn.q_proj':4};{'q_proj':8}",
                "{'self_attn.q_proj':4};{}",
                "{'^model.layers.0.self_attn.q_proj':4};{}",
            })
    void servesPatternsWithOneMeaning(String ranks, String alphas) throws IOException {
        assertThat(warnings(patterns(ranks, alphas))).isEmpty();
    }

    /** A version that reads other ranks than the tensors have did not write them. */
    @Test
    void ranksTellWhichVersionWroteTheFile() throws IOException {
        String key = "{'^model.layers.0.self_attn.q_proj':%d}";
        SmallAdapter adapter =
                patterns(key.formatted(2), key.formatted(64))
                        .put(random(name("A"), DType.F32, 2, 12))
                        .put(random(name("B"), DType.F32, 20, 2));
        assertThat(warnings(adapter)).isEmpty();
    }

    @Test
    void refusesAChangeOfMultipliedRowsWithoutAVersion() throws IOException {
        for (String version : List.of("", "0.17.1")) {
            assertThat(fields(atEdges().with("peft_version", version)))
                    .as(version)
                    .containsExactly("target_modules");
            assertThat(fields(tokens(List.of(3, 0)).with("peft_version", version)))
                    .as(version)
                    .containsExactly("trainable_token_indices");
        }
        assertThat(codes(atEdges().with("peft_version", "0.18.0"), MULTIPLIED)).isEmpty();
        assertThat(codes(tokens(List.of(3, 0)).with("peft_version", "0.18.0"), MULTIPLIED))
                .isEmpty();
        assertThat(codes(saved(), MULTIPLIED)).isEmpty();
        assertThat(codes(plain(), MULTIPLIED)).isEmpty();
    }

    @Test
    void canonicalFilesSayTheirVersion() throws IOException {
        Path from = atEdges().with("peft_version", "0.18.0").write(next());
        Path to = Files.createDirectories(next());
        try (LoraAdapter adapter = accepted(LoraFolder.check(from, MULTIPLIED, 8))) {
            CanonicalAdapter.normalise(from, adapter, MULTIPLIED, to);
            accepted(LoraFolder.check(to, MULTIPLIED, 8)).close();
        }
    }

    private List<Reason> warnings(SmallAdapter adapter) throws IOException {
        return switch (LoraFolder.check(adapter.write(next()), TIED, 8)) {
            case LoraCheck.Accepted(LoraAdapter accepted, List<Reason> warnings) -> {
                accepted.close();
                yield warnings;
            }
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private List<String> fields(SmallAdapter adapter) throws IOException {
        return reasons(adapter, MULTIPLIED).stream().map(Reason::tensor).toList();
    }

    private static SmallAdapter patterns(String ranks, String alphas) {
        return SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.K)
                .with("rank_pattern", json(ranks))
                .with("alpha_pattern", json(alphas));
    }

    private static Map<?, ?> json(String text) {
        return JsonMapper.shared().readValue(text.replace('\'', '"'), LinkedHashMap.class);
    }

    private static String name(String half) {
        return SmallAdapter.PREFIX + "0.self_attn.q_proj.lora_" + half + ".weight";
    }
}
