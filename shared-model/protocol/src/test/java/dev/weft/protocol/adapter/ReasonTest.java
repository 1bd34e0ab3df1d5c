package dev.weft.protocol.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void cutsWhatIsTakenFromFiles() {
        Reason reason =
                new Reason(
                        "CODE",
                        "x".repeat(5_000),
                        "a\u0000b\nc",
                        "y".repeat(4 << 20),
                        "allowed",
                        "a message");
        assertThat(reason.file()).hasSize(256).endsWith("x...");
        assertThat(reason.tensor()).isEqualTo("a?b?c");
        assertThat(reason.found()).hasSize(256).endsWith("y...");
        assertThat(
                        new Reason(
                                reason.code(),
                                reason.file(),
                                reason.tensor(),
                                reason.found(),
                                reason.allowed(),
                                reason.message()))
                .isEqualTo(reason);
        assertThat(new Reason("CODE", null, null, null, null, "m").found()).isNull();
    }
}
