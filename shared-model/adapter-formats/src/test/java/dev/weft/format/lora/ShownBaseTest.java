package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.checkpoint.HeadFile;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsHead;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters of a base whose weights alone show its shape: a decoder in a wrapper. */
class ShownBaseTest {
    private static final String WRAPPED = "base_model.model.language_model.model.layers.";

    @TempDir private Path folder;
    private BaseShape base;

    @BeforeEach
    void readBase() throws IOException {
        Path heads = Files.createDirectories(folder.resolve("base"));
        new HeadFile()
                .decoder("language_model.model.", 2)
                .write(heads.resolve("model.safetensors.head"));
        base = BaseShape.ofWeights(heads);
    }

    private static SmallAdapter wrapped(String prefix) {
        return SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.DOWN)
                .rename(name -> name.replace(PREFIX, prefix));
    }

    private LoraCheck check(SmallAdapter adapter) throws IOException {
        return LoraFolder.check(adapter.write(folder.resolve("adapter")), base, 8, null);
    }

    private AdapterDigest digest(SmallAdapter adapter) throws IOException {
        if (check(adapter) instanceof LoraCheck.Accepted(LoraAdapter accepted, var _)) {
            try (accepted) {
                return accepted.digest();
            }
        }
        throw new AssertionError(check(adapter).toString());
    }

    private List<Reason> reasons(SmallAdapter adapter) throws IOException {
        if (check(adapter) instanceof LoraCheck.Refused(List<Reason> reasons)) {
            return reasons;
        }
        throw new AssertionError("accepted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WRAPPED,
                "base_model.model.model.language_model.layers.",
                "language_model.model.layers.",
                PREFIX
            })
    void eachSpellingOfTheDecoderMeansTheSameAdapter(String prefix) throws IOException {
        AdapterDigest plain = digest(SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.DOWN));
        assertThat(digest(wrapped(prefix))).isEqualTo(plain);
    }

    @Test
    void patternsAreMatchedAgainstTheAdaptersOwnNames() throws IOException {
        SmallAdapter adapter =
                wrapped("base_model.model.model.language_model.layers.")
                        .with(
                                "target_modules",
                                "model\\.language_model\\.layers\\.\\d+\\.(self_attn\\.q_proj|mlp\\.down_proj)")
                        .with("rank_pattern", java.util.Map.of("language_model.*q_proj", 4));
        assertThat(digest(adapter)).isEqualTo(digest(wrapped(PREFIX)));
        assertThat(
                        reasons(wrapped(PREFIX).with("target_modules", "model\\.language_model.*"))
                                .getFirst()
                                .code())
                .isEqualTo("NO_TARGETS");
    }

    @Test
    void allLinearIsTheDecodersModules() throws IOException {
        SmallAdapter all =
                SmallAdapter.of(4, 8, LinearModule.SEPARATE.toArray(LinearModule[]::new))
                        .rename(name -> name.replace(PREFIX, WRAPPED))
                        .with("target_modules", "all-linear");
        assertThat(check(all)).isInstanceOf(LoraCheck.Accepted.class);
    }

    @Test
    void matricesOfOtherPartsAreRefusedByName() throws IOException {
        String tower = "base_model.model.vision_tower.encoder.layers.0.self_attn.q_proj.lora_";
        List<Reason> reasons =
                reasons(
                        wrapped(WRAPPED)
                                .put(SmallAdapter.random(tower + "A.weight", DType.F32, 4, 40))
                                .put(SmallAdapter.random(tower + "B.weight", DType.F32, 40, 4)));
        assertThat(reasons).hasSize(2);
        assertThat(reasons.getFirst().code()).isEqualTo("UNKNOWN_MODULE");
        assertThat(reasons.getFirst().message())
                .contains("vision_tower", "beside its decoder", "language_model.model.layers");
    }

    @Test
    void expertsEmbeddingsAndWrongSizesAreRefusedByName() throws IOException {
        String experts = WRAPPED + "0.mlp.experts.3.up_proj.lora_A.weight";
        assertThat(
                        reasons(
                                        wrapped(WRAPPED)
                                                .put(
                                                        SmallAdapter.random(
                                                                experts, DType.F32, 4, 12)))
                                .getFirst()
                                .message())
                .contains("experts");
        String head = "base_model.model.language_model.lm_head.lora_A.weight";
        assertThat(
                        reasons(wrapped(WRAPPED).put(SmallAdapter.random(head, DType.F32, 4, 12)))
                                .getFirst()
                                .code())
                .isEqualTo("EMBEDDING_ADAPTER");
        String wrong = WRAPPED + "1.self_attn.q_proj.lora_A.weight";
        Reason shape =
                reasons(wrapped(WRAPPED).put(SmallAdapter.random(wrong, DType.F32, 4, 13)))
                        .getFirst();
        assertThat(shape.code()).isEqualTo("SHAPE_MISMATCH");
        assertThat(shape.found()).isEqualTo("[4, 13]");
    }

    @Test
    void canonicalFilesAreReadAgainAndTheFoldedOnesHaveTheBasesNames() throws IOException {
        Path from =
                wrapped("base_model.model.model.language_model.layers.")
                        .write(folder.resolve("adapter"));
        Path canonical = Files.createDirectories(folder.resolve("canonical"));
        Path folded = Files.createDirectories(folder.resolve("folded"));
        if (!(LoraFolder.check(from, base, 8, null)
                instanceof LoraCheck.Accepted(LoraAdapter adapter, var _))) {
            throw new AssertionError("refused");
        }
        try (adapter) {
            CanonicalAdapter.normalise(from, adapter, base.decoder(), canonical);
            FoldedAdapter.write(adapter, base.prefix(), folded);
        }
        assertThat(LoraFolder.check(canonical, base, 8, null))
                .isInstanceOf(LoraCheck.Accepted.class);
        assertThat(SafetensorsHead.read(folded.resolve("adapter_model.safetensors")).keySet())
                .hasSize(8)
                .allMatch(name -> name.startsWith(WRAPPED));
        assertThat(LoraFolder.check(folded, base, 8, null)).isInstanceOf(LoraCheck.Accepted.class);
    }
}
