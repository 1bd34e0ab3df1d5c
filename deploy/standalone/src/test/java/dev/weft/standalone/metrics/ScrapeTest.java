package dev.weft.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrapeTest {

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
}
