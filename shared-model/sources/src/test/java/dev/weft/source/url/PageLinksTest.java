package dev.weft.source.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageLinksTest {
    @Test
    void takesLinksAsServersWriteThem() {
        String page =
                """
                <pre><a href="a.json">a</a> <A HREF='b.json'>b</A>
                <a class=x href=c.json>c</a><a
                  data-href="no" title="a > b" href = "d&amp;e.json" >d</a>
                <abbr href="no"></abbr><a name="here">x</a><a>y</a><a href>z</a>
                """;

        assertThat(PageLinks.of(page))
                .containsExactly("a.json", "b.json", "c.json", "d&amp;e.json", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<", "<a", "<a ", "<a href", "<a href=", "<a href=\"", "<a x='", "a>"})
    void takesAnyEnd(String end) {
        assertThat(PageLinks.of("<a href=\"a\">" + end)).contains("a").hasSizeLessThan(3);
    }

    /** An expression took 20 s for such pages, which no deadline can interrupt. */
    @Test
    void aHostilePageTakesNoTime() {
        int size = 8 << 20;
        for (String page :
                List.of(
                        "<a ".repeat(size / 3),
                        "<a ".repeat(320) + ("href" + " ".repeat(1_000)).repeat(size / 1_004),
                        "<a href=\"".repeat(size / 9),
                        "<a x='\" ".repeat(size / 8),
                        "<".repeat(size),
                        "<a " + "=".repeat(size))) {
            assertTimeoutPreemptively(Duration.ofSeconds(15), () -> PageLinks.of(page));
        }
    }
}
