package dev.weft.catalog.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.catalog.fetch.RejectedException;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.LoraPair;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EffectTest {
    @Test
    void anAdapterWhoseFactorsCancelOutIsRefused() {
        RejectedException e =
                catchThrowableOfType(RejectedException.class, () -> Effect.of(adapter(1, -1)));

        assertThat(e.reasons()).singleElement().matches(r -> r.code().equals("NO_EFFECT"));
    }

    @Test
    void theNormIsThatOfTheProduct() throws Exception {
        // 1 * (3 4) + 1 * (3 4) = (6 8), whose norm is 10
        assertThat(Effect.of(adapter(1, 1))).containsEntry(LinearModule.Q, 10.0);
    }

    /** A has the row (3 4) twice; B has one row. */
    private static LoraAdapter adapter(float first, float second) {
        float[] a = {3, 4, 3, 4};
        float[] b = {first, second};
        LoraPair pair =
                new LoraPair(
                        0,
                        LinearModule.Q,
                        1f,
                        new Tensor("a", DType.F32, List.of(2L, 2L), MemorySegment.ofArray(a)),
                        new Tensor("b", DType.F32, List.of(1L, 2L), MemorySegment.ofArray(b)));
        return new LoraAdapter(
                new AdapterDigest("a".repeat(64)),
                new LoraFacts(2, 2, false, new TreeSet<>(List.of(LinearModule.Q)), "F32", 6),
                List.of(pair),
                Arena.ofAuto());
    }
}
