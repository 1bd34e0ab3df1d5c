package dev.weft.format.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.checkpoint.ModelConfig;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests adapters that PEFT wrote for SmolLM2-135M, if the shared folder lies beside the project.
 */
class SharedAdaptersTest {
    private static final DecoderShape SMOL =
            new DecoderShape(30, 576, new DecoderShape.HeadCounts(9, 3, 64), 1536);

    @Test
    void readsWhatPeftWrote() {
        Path adapters = shared("shared/adapters");

        try (LoraAdapter sql = accept(adapters.resolve("sql"));
                LoraAdapter json = accept(adapters.resolve("json"));
                LoraAdapter french = accept(adapters.resolve("french"))) {
            assertThat(sql.pairs()).hasSize(210).allMatch(p -> p.scale() == 2f && p.rank() == 16);
            assertThat(french.pairs()).hasSize(60).allMatch(p -> p.scale() == 2f && p.rank() == 8);
            assertThat(json.facts().rsLora()).isTrue();
            assertThat(json.pairs())
                    .hasSize(150)
                    .allMatch(p -> p.rank() == (p.module() == LinearModule.DOWN ? 4 : 32))
                    .allMatch(p ->
                            p.scale()
                                    == (p.module() == LinearModule.DOWN
                                            ? 4f
                                            : (float) (16 / Math.sqrt(32))));
            assertThat(List.of(sql.digest(), json.digest(), french.digest()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void readsTheAdaptersOfTheSampleModel() throws IOException {
        Path sample = shared("shared/sample-model");
        DecoderShape base = ModelConfig.read(sample.resolve("base/config.json")).shape();

        for (String name : List.of("sql", "json", "french")) {
            LoraCheck check = LoraFolder.check(sample.resolve("adapters").resolve(name), base, 64);

            assertThat(check).as(name).isInstanceOf(LoraCheck.Accepted.class);
            ((LoraCheck.Accepted) check).adapter().close();
        }
    }

    @Test
    void convertsWhatPeftWroteToArraysAndBack(@TempDir Path folder) throws Exception {
        Path adapters = shared("shared/adapters");

        for (String name : List.of("sql", "json", "french")) {
            for (NpyType type : List.of(NpyType.FLOAT32, NpyType.FLOAT16, NpyType.BFLOAT16)) {
                Path out = folder.resolve(name + type);
                try (LoraAdapter peft = accept(adapters.resolve(name));
                        Arena arena = Arena.ofConfined()) {
                    LoraArrays.of(peft, type, arena).write(out);
                    try (LoraAdapter arrays = accept(out)) {
                        assertSame(peft, arrays, type);
                    }
                }
            }
        }
    }

    /** In float32 every value stays the same; the others are rounded once. */
    private static void assertSame(LoraAdapter peft, LoraAdapter arrays, NpyType type) {
        float rounding = type == NpyType.FLOAT32 ? 0 : type == NpyType.FLOAT16 ? 0x1p-11f : 0x1p-8f;
        float least = type == NpyType.FLOAT16 ? 0x1p-25f : 0;
        assertThat(arrays.pairs()).hasSameSizeAs(peft.pairs());
        for (int i = 0; i < peft.pairs().size(); i++) {
            LoraPair expected = peft.pairs().get(i);
            LoraPair found = arrays.pairs().get(i);
            assertThat(found.module()).isEqualTo(expected.module());
            assertThat(found.rank()).isEqualTo(expected.rank());
            float worst =
                    Math.max(
                            worst(expected.a(), 1, found.a(), rounding, least),
                            worst(expected.b(), expected.scale(), found.b(), rounding, least));
            assertThat(worst).as("beyond one rounding to " + type).isLessThanOrEqualTo(0);
        }
    }

    private static float worst(
            Tensor expected, float scale, Tensor found, float rounding, float least) {
        float worst = 0;
        for (long i = 0; i < expected.elements(); i++) {
            float want = expected.get(i) * scale;
            float off = Math.abs(found.get(i) - want);
            worst = Math.max(worst, off - Math.max(Math.abs(want) * rounding, least));
        }
        return worst;
    }

    private static LoraAdapter accept(Path folder) {
        return switch (LoraFolder.check(folder, SMOL, 32, "HuggingFaceTB/SmolLM2-135M-Instruct")) {
            case LoraCheck.Accepted accepted -> {
                assertThat(accepted.warnings()).isEmpty();
                yield accepted.adapter();
            }
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    private static Path shared(String name) {
        Path at = Path.of("").toAbsolutePath();
        while (at != null && !Files.isDirectory(at.resolve(name))) {
            at = at.getParent();
        }
        assumeTrue(at != null, "needs " + name + " beside the checkout");
        return Objects.requireNonNull(at).resolve(name);
    }
}
