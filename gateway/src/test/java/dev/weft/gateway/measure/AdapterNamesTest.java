package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterNamesTest {
    private static final AdapterId OURS = AdapterId.of("acme/sql");
    private static final AdapterId THEIRS = new AdapterId("acme", "sql");

    private final AdapterNames names = new AdapterNames(Set.of("base", "acme/llm")::contains);

    @Test
    void aNameHasItsTenantOutsideOfTheDefaultOneAndWhereItMeansSomethingElse() {
        assertThat(names.take(AdapterId.of("sql"))).isEqualTo("sql");
        assertThat(names.take(THEIRS)).isEqualTo("acme/sql");
        assertThat(names.take(AdapterId.of("base"))).isEqualTo("default/base");
        assertThat(names.take(AdapterId.of("other"))).isEqualTo("default/other");
        assertThat(names.take(new AdapterId("acme", "llm"))).isEqualTo("acme:llm");
    }

    /** Else the one's series end when the other is removed. */
    @Test
    void noTwoAdaptersHaveOneName() {
        assertThat(names.take(OURS)).isEqualTo("acme/sql");
        assertThat(names.take(THEIRS)).isEqualTo("acme:sql");
        names.giveBack("acme:sql");
        assertThat(names.take(THEIRS)).isEqualTo("acme:sql");
        names.giveBack("acme/sql");
        assertThat(names.take(AdapterId.of("acme/sql"))).isEqualTo("acme/sql");

        assertThat(names.take(new AdapterId("a", "b/c"))).isEqualTo("a/b/c");
        assertThat(names.take(new AdapterId("a/b", "c"))).isEqualTo("a/b:c");
    }
}
