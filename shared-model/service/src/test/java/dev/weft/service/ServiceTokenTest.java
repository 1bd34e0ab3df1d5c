package dev.weft.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTokenTest {
    @ParameterizedTest
    @ValueSource(strings = {"weft_abc", "weft_abc\n", " weft_abc\r\n"})
    void aFilesLineEndIsNoPartOfIt(String text) {
        assertThat(new ServiceToken(text).text()).isEqualTo("weft_abc");
    }

    @Test
    void anEmptyOneIsNone() {
        assertThat(new ServiceToken(" \n")).isEqualTo(ServiceToken.NONE);
    }

    @Test
    void whatNoHeaderHoldsIsRefusedWithoutBeingSaid() {
        assertThatThrownBy(() -> new ServiceToken("hush\nhush"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WEFT_TOKEN")
                .message()
                .doesNotContain("hush");
    }
}
