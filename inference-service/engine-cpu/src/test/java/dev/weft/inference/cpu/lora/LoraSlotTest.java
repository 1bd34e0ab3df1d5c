package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.name.Edge;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.format.lora.weight.Surroundings;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LoraSlotTest {
    @Test
    void takesMoreForAHigherRankAndGivesItBack() {
        LoraSlot low = packed(TestAdapters.of(2));
        LoraSlot high = packed(TestAdapters.of(8));

        assertThat(high.bytes()).isGreaterThan(low.bytes());
        assertThat(low.freed()).isFalse();
        low.close();
        high.close();
        assertThat(low.freed()).isTrue();
    }

    @Test
    void copiesOfEdgesLieInTheSameSlabAsPairs() {
        LoraAdapter pairs = TestAdapters.of(4);
        Tensor edge =
                new Tensor(
                        "e",
                        DType.BF16,
                        List.of(70L, 40L),
                        MemorySegment.ofArray(new byte[70 * 40 * 2]));
        LoraAdapter adapter =
                new LoraAdapter(
                        pairs.digest(),
                        pairs.facts(),
                        pairs.pairs(),
                        new Surroundings(
                                Map.of(),
                                Map.of(Edge.EMBEDDING, edge, Edge.HEAD, edge),
                                Map.of(),
                                new TreeMap<>()),
                        List.of(),
                        pairs.arena());
        LoraSlot slot = packed(adapter);
        assertThat(LoraSlot.mostBytes(adapter)).isBetween(slot.bytes(), slot.bytes() + 64);
        slot.close();
    }

    @Test
    void failsWhereTheTensorsAreGone() {
        LoraAdapter broken;
        try (Arena released = Arena.ofShared()) {
            broken = TestAdapters.of(4, released);
        }

        assertThatThrownBy(() -> packed(broken)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesARankOverTheMaximum() {
        LoraSlot.check(TestAdapters.of(4), TestAdapters.CONFIG, 4);

        assertThatThrownBy(() -> LoraSlot.check(TestAdapters.of(5), TestAdapters.CONFIG, 4))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.reason())
                                        .isEqualTo(EngineException.Cause.INVALID_ADAPTER));
    }

    private static LoraSlot packed(LoraAdapter adapter) {
        return new LoraSlot(adapter.digest(), TestAdapters.CONFIG, adapter, TestAdapters.NO_BASE);
    }
}
