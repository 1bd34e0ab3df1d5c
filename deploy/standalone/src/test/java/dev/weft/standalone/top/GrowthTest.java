package dev.weft.standalone.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.metrics.Scrape;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void growthIsPerSecondAndACounterThatStartedOverGrewByWhatItIs() {
        Growth growth =
                new Growth(
                        Scrape.parse(SECOND, "up_total 10\nover_total 10\n"),
                        Scrape.parse(3 * SECOND, "up_total 30\nover_total 4\nnew_total 6\n"));
        assertThat(growth.perSecond(growth.of("up_total"))).hasValue(10);
        assertThat(growth.of("over_total")).hasValue(4);
        assertThat(growth.of("new_total")).hasValue(6);
        assertThat(growth.of("none_total")).isEmpty();
        assertThat(Growth.ratio(growth.of("up_total"), growth.of("none_total"))).isEmpty();
        assertThat(Growth.ratio(growth.of("up_total"), growth.of("over_total"))).hasValue(5);
    }
}
