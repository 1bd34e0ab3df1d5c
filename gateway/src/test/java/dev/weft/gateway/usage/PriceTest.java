package dev.weft.gateway.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceTest {
    @Test
    void aMillionTokensCostTheirPrice() {
        Price price = Price.of("team/sql-*=0.15/0.6");
        assertThat(price.costNanos(1_000_000, 0)).isEqualTo(150_000_000);
        assertThat(price.costNanos(0, 1_000_000)).isEqualTo(600_000_000);
        assertThat(price.costNanos(1, 1)).isEqualTo(750);
        assertThat(price.model().matches("team/sql-1")).isTrue();
        assertThat(price).hasToString("team/sql-*=0.15/0.6");
    }

    @Test
    void anAdapterOfOneBaseMayHaveAnotherPrice() {
        Price large = Price.of("large:sql-*=1/2");
        assertThat(large.isOf("large", "sql-a")).isTrue();
        assertThat(large.isOf("small", "sql-a")).isFalse();
        assertThat(large.isOf("large")).isFalse();
        assertThat(Price.of("*:sql-a=1/2").isOf("small", "sql-a")).isTrue();
        assertThat(Price.of("large*=1/2").isOf("large", "sql-a")).isFalse();
        assertThat(Price.of("large*=1/2").isOf("large")).isTrue();
        assertThat(Price.of("llama:8b=1/2").isOf("llama:8b")).isTrue();
        assertThat(Price.of("sql-*=1/2").isOf("large", "sql-a")).isTrue();
    }

    @Test
    void noCountMakesACostBelowNothing() {
        assertThat(Price.of("*=100000/100000").costNanos(Long.MAX_VALUE, Long.MAX_VALUE))
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sql",
                "sql=1",
                "=1/1",
                "sql=1/",
                "sql=-1/1",
                "sql=0.0001/1",
                "a b=1/1",
                "x=100001/1",
                "x=1e3/1"
            })
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Price.of(text));
    }
}
