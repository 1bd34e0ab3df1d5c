package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static dev.weft.format.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.canonical.CanonicalAdapter;
import dev.weft.format.lora.canonical.FoldedAdapter;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.npy.NpyType;
import dev.weft.format.safetensors.DType;
import dev.weft.format.trtllm.ConversionException;
import dev.weft.format.trtllm.LoraArrays;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Adapters that are more than pairs of matrices. */
class AdapterKindsTest extends FolderTest {
    private static final String Q = "0.self_attn.q_proj.";
    private static final String BIAS = PREFIX + Q + "lora_B.bias";
    private static final String MAGNITUDE = PREFIX + Q + "lora_magnitude_vector";

    @Test
    void readsTheBiasOfB() throws IOException {
        try (LoraAdapter adapter = accept(withBias())) {
            assertThat(adapter.extras()).containsExactly("a LoRA bias");
            assertThat(adapter.facts().parameters()).isEqualTo(2 * (4 * 12 + 20 * 4 + 20));
            assertThat(adapter.pairs())
                    .allSatisfy(pair -> {
                        assertThat(pair.outputs().bias()).isNotNull();
                        assertThat(pair.outputs().magnitude()).isNull();
                    });
        }
    }

    @Test
    void readsTheMagnitudesOfDora() throws IOException {
        try (LoraAdapter adapter = accept(withMagnitude(""))) {
            assertThat(adapter.extras()).containsExactly("DoRA");
            try (LoraAdapter other = accept(withMagnitude(".default.weight"))) {
                assertThat(other.digest()).isEqualTo(adapter.digest());
            }
            try (LoraAdapter plain = accept(adapter())) {
                assertThat(plain.extras()).isEmpty();
                assertThat(plain.digest()).isNotEqualTo(adapter.digest());
            }
        }
    }

    @Test
    void isWrittenAndReadAgain() throws IOException {
        int number = 0;
        for (SmallAdapter adapter :
                List.of(withBias(), withMagnitude("").with("use_rslora", true))) {
            Path to = Files.createDirectory(folder.resolve("to-" + number++));
            try (LoraAdapter accepted = accept(adapter)) {
                CanonicalAdapter.normalise(folder, accepted, BASE, to);
                LoraCheck again = LoraFolder.reopen(to, BASE, 8, accepted.digest());
                assertThat(again)
                        .isInstanceOfSatisfying(
                                LoraCheck.Accepted.class,
                                reopened -> {
                                    assertThat(reopened.adapter().extras())
                                            .isEqualTo(accepted.extras());
                                    reopened.adapter().close();
                                });
            }
        }
    }

    /** An engine that knows pairs alone would compute something else without a word. */
    @Test
    void formsThatHoldPairsAloneRefuseIt() throws IOException {
        try (LoraAdapter adapter = accept(withMagnitude(""));
                Arena arena = Arena.ofConfined()) {
            Path to = Files.createDirectory(folder.resolve("to"));
            assertThatThrownBy(() -> FoldedAdapter.write(adapter, BaseShape.PLAIN, to))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("DoRA");
            assertThatThrownBy(() -> LoraArrays.of(adapter, NpyType.FLOAT16, arena))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("DoRA");
        }
    }

    @Test
    void aMagnitudeAloneIsAChange() throws IOException {
        SmallAdapter adapter = withMagnitude("");
        for (int layer = 0; layer < 2; layer++) {
            String name = PREFIX + layer + ".self_attn.q_proj.lora_B.weight";
            adapter.put(SmallAdapter.tensor(name, DType.F32, new float[80], 20, 4));
        }
        assertAccepted(adapter);
    }

    @Test
    void refusesVectorsThatDoNotFit() throws IOException {
        assertCodes(withBias().put(SmallAdapter.random(BIAS, DType.F32, 21)), "SHAPE_MISMATCH");
        assertCodes(withBias().put(SmallAdapter.random(BIAS, DType.F32, 20, 1)), "SHAPE_MISMATCH");
        assertCodes(withBias().drop(BIAS), "MISSING_TENSOR");
        assertCodes(withMagnitude("").drop(MAGNITUDE), "MISSING_TENSOR");
        assertCodes(
                withMagnitude("").put(SmallAdapter.random(MAGNITUDE, DType.I32, 20)),
                "UNSUPPORTED_DTYPE");
        float[] values = new float[20];
        values[7] = Float.POSITIVE_INFINITY;
        List<Reason> reasons =
                refuse(
                        withMagnitude("")
                                .put(SmallAdapter.tensor(MAGNITUDE, DType.F32, values, 20)),
                        8);
        assertThat(reasons)
                .singleElement()
                .satisfies(reason -> {
                    assertThat(reason.code()).isEqualTo("NOT_FINITE");
                    assertThat(reason.tensor()).isEqualTo(MAGNITUDE);
                    assertThat(reason.found()).isEqualTo("Infinity at index 7");
                });
    }

    @Test
    void refusesVectorsThatTheConfigurationDoesNotAskFor() throws IOException {
        assertCodes(withBias().without("lora_bias"), "EXTRA_TENSOR", "EXTRA_TENSOR");
        assertCodes(withMagnitude("").without("use_dora"), "EXTRA_TENSOR", "EXTRA_TENSOR");
        assertCodes(
                adapter().put(SmallAdapter.random(PREFIX + Q + "lora_A.bias", DType.F32, 4)),
                "UNKNOWN_TENSOR");
        List<Reason> both = refuse(withBias().with("use_dora", true), 8);
        assertThat(both)
                .anySatisfy(reason -> {
                    assertThat(reason.code()).isEqualTo("INVALID_VALUE");
                    assertThat(reason.tensor()).isEqualTo("lora_bias");
                });
        assertCodes(adapter().with("use_dora", "yes"), "INVALID_VALUE");
    }

    @Test
    void aPairWithVectorsOfOtherSizesFitsNoEngine() throws IOException {
        try (LoraAdapter adapter = accept(withBias())) {
            LoraPair pair = adapter.pairs().getFirst();
            assertThat(pair.misfit(BASE, 8)).isEmpty();
            LoraPair.Outputs wrong = new LoraPair.Outputs(pair.a(), null);
            assertThat(new LoraPair(0, pair.module(), 1, pair.a(), pair.b(), wrong).misfit(BASE, 8))
                    .isPresent();
        }
    }

    private static SmallAdapter adapter() {
        return SmallAdapter.of(4, 8, LinearModule.Q);
    }

    private static SmallAdapter withBias() {
        return withVectors("lora_B.bias").with("lora_bias", true);
    }

    private static SmallAdapter withMagnitude(String ending) {
        return withVectors("lora_magnitude_vector")
                .rename(name ->
                        name.endsWith("_vector")
                                ? name + ending
                                : ending.isEmpty()
                                        ? name
                                        : name.replace(".weight", ".default.weight"))
                .with("use_dora", true);
    }

    private static SmallAdapter withVectors(String name) {
        SmallAdapter adapter = adapter();
        for (int layer = 0; layer < 2; layer++) {
            String tensor = PREFIX + layer + ".self_attn.q_proj." + name;
            adapter.put(SmallAdapter.random(tensor, DType.F32, 20));
        }
        return adapter;
    }
}
