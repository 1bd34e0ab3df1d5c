package dev.weft.inference.tensorrtllm.triton;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryCheckTest {
    private static final String LINUX = "Linux amd64";

    @ParameterizedTest
    @ValueSource(strings = {"2.38", "2.41", "2.40.9000", "3.0", "10.1"})
    void lacksNothingOnANewGlibc(String version) {
        assertThat(lack(LINUX, version)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.36", "2.9", "2.31", "1.99"})
    void namesWhatAnOldGlibcLacksInOneLine(String version) {
        assertThat(lack(LINUX, version).orElseThrow())
                .doesNotContain("\n")
                .contains("needs glibc 2.38", "GCC 13", "this machine has glibc " + version);
    }

    @Test
    void namesAnotherCLibrary() {
        assertThat(LibraryCheck.lack(LINUX, new CLibrary(Optional.empty())).orElseThrow())
                .contains("this machine has a C library that is not glibc");
    }

    @Test
    void namesAnotherPlatform() {
        assertThat(lack("Mac OS X aarch64", "2.41").orElseThrow())
                .isEqualTo(
                        "libtritonserver runs on Linux amd64, and this machine is Mac OS X"
                                + " aarch64");
    }

    private static Optional<String> lack(String platform, String version) {
        return LibraryCheck.lack(platform, new CLibrary(Optional.of(version)));
    }
}
