package dev.weft.protocol.repository;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "Qwen/Qwen2.5-Coder-1.5B-Instruct", "a/b_c.d-e"})
    void namesOfTheHub(String name) {
        assertThat(HubName.fits(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not a repo!",
                "a/b/c",
                "/a",
                "a/",
                "a/..",
                "a..b/c",
                "-a/b",
                "https://x/y"
            })
    void othersAreNone(String name) {
        assertThat(HubName.fits(name)).isFalse();
    }
}
