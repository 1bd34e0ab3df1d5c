package dev.weft.catalog.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ActorTest {
    @Test
    void namesThatATableHoldsStayAsTheyAre() {
        for (String name : new String[] {"anna@example.org", "é 🎈", "x".repeat(256)}) {
            assertThat(new Actor(name).name()).isEqualTo(name);
        }
    }

    @Test
    void othersAreCutAndCleanedAndStayApart() {
        String first = new Actor("x".repeat(300)).name();
        String second = new Actor("x".repeat(301)).name();
        assertThat(first).hasSize(256).startsWith("xxx").isNotEqualTo(second);
        String nul = new Actor("a\u0000").name();
        assertThat(nul).startsWith("a?~").isNotEqualTo(new Actor("a\n").name());
        assertThat(new Actor("x".repeat(238) + "🎈".repeat(20)).name())
                .hasSize(255)
                .doesNotContain("\ud83c~");
        for (String name : new String[] {first, second, nul}) {
            assertThat(new Actor(name).name()).isEqualTo(name);
        }
        assertThatThrownBy(() -> new Actor(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
