package dev.weft.standalone.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.standalone.failure.CommandException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelSelectionTest {
    private static final List<String> SERVED =
            List.of("base", "lora-001", "lora-002", "lora-010", "team/a.b");

    @ParameterizedTest
    @CsvSource({
        "all,base lora-001 lora-002 lora-010 team/a.b",
        "'all,-base',lora-001 lora-002 lora-010 team/a.b",
        "lora-00*,lora-001 lora-002",
        "'lora-*,-lora-002,base',lora-001 lora-010 base",
        "'lora-010,lora-001',lora-010 lora-001",
        "'base,all',base lora-001 lora-002 lora-010 team/a.b",
        "team/a.b,team/a.b"
    })
    void choosesInOrderAndOnce(String items, String chosen) throws CommandException {
        assertThat(ModelSelection.parse(items).of(SERVED)).containsExactly(chosen.split(" "));
    }

    @Test
    void aNameThatIsNotServedIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> ModelSelection.parse("team/aXb").of(SERVED))
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        "--models: the server has no 'team/aXb'; it lists 5: base, lora-001,"
                                + " lora-002, lora-010, team/a.b");
    }

    @Test
    void aSelectionThatLeavesNothingIsAFailure() {
        assertThatThrownBy(() -> ModelSelection.parse("base,-b*").of(SERVED))
                .isInstanceOf(CommandException.class)
                .hasMessage("--models base,-b* leaves no model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,,b", "a,-", " "})
    void emptyNamesAreRefused(String text) {
        assertThatThrownBy(() -> ModelSelection.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesAloneNeedNoList() {
        assertThat(ModelSelection.parse("a,b").isExplicit()).isTrue();
        assertThat(ModelSelection.parse("a,all").isExplicit()).isFalse();
        assertThat(ModelSelection.parse("a*").isExplicit()).isFalse();
        assertThat(ModelSelection.parse("all,-a").isExplicit()).isFalse();
    }
}
