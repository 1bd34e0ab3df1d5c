package dev.weft.standalone.top;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrapeTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void readsNamesLabelsAndValues() {
        Scrape scrape =
                Scrape.parse(
                        0,
                        """
                        # HELP a A help with {braces} and 1
                        # TYPE a gauge
                        a 1.5
                        b{x="1",y="two, \\"three\\" \\\\ {four}"} 2.0 1700000000000
                        b{x="2"} 3e2
                        c_bucket{le="+Inf"} +Inf

                        garbage
                        d nonsense
                        """);
        assertThat(scrape.value("a")).hasValue(1.5);
        assertThat(scrape.value("b")).hasValue(302);
        assertThat(scrape.value("b", "x", "1")).hasValue(2);
        assertThat(scrape.values("b", "y")).containsExactly("two, \"three\" \\ {four}");
        assertThat(scrape.value("c_bucket", "le", "+Inf")).hasValue(Double.POSITIVE_INFINITY);
        assertThat(scrape.value("d")).isEmpty();
        assertThat(scrape.value("nothing")).isEmpty();
    }

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
