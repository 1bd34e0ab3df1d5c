package dev.weft.inference.cpu.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputBlockTest {
    @Test
    void floatsAreTakenInBlocksOfAboutTheSameSize() {
        assertThat(InputBlock.of(Operands.FLOATS, 1000))
                .containsExactly(new InputBlock(0, 512, 1000), new InputBlock(512, 488, 1000));
        assertThat(InputBlock.of(Operands.FLOATS, 576))
                .containsExactly(new InputBlock(0, 288, 576), new InputBlock(288, 288, 576));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 512, 513, 1025, 8960, 14336, 28672})
    void blocksHoldEveryInputOnceAndNoneTooMany(int in) {
        int next = 0;
        for (InputBlock block : InputBlock.of(Operands.FLOATS, in)) {
            assertThat(block.from()).isEqualTo(next);
            assertThat(block.count()).isBetween(1, InputBlock.MOST_FLOATS);
            assertThat(block.isAdded()).isEqualTo(next > 0);
            next += block.count();
        }
        assertThat(next).isEqualTo(in);
    }

    @Test
    void pairsAreTakenAtOnceWithTheirPadding() {
        assertThat(InputBlock.of(Operands.PAIRS, 1000))
                .isEqualTo(List.of(new InputBlock(0, 1024, 1024)));
    }
}
