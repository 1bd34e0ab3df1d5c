package dev.weft.protocol.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b/c-d_e", "a/.hidden", "v1.2", "a."})
    void names(String text) {
        assertThat(AdapterId.isName(text)).isTrue();
        assertThat(AdapterId.isNewName(text)).isTrue();
    }

    /** The address of such a name would be another one's, or nobody's. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "a/", "a/../b", "a..b", "a b", "a?b"})
    void whatNoAddressLeadsToIsNoName(String text) {
        assertThat(AdapterId.isName(text)).isFalse();
        assertThat(AdapterId.isNewName(text)).isFalse();
    }

    /** A catalog may hold some, which must not keep it from starting. */
    @ParameterizedTest
    @ValueSource(strings = {"a/./b", "a/."})
    void namesThatNoAddressLeadsToAreOldOnes(String text) {
        assertThat(AdapterId.isName(text)).isTrue();
        assertThat(AdapterId.isNewName(text)).isFalse();
    }
}
