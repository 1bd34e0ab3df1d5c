package dev.weft.inference.cpu.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import java.lang.foreign.Arena;
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
