package dev.weft.protocol.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShouldRetryTest {
    /** Clients try 429 and 500 to 599 again by themselves, and no other error. */
    @Test
    void saysWhatTheStatusDoesNot() {
        assertThat(ShouldRetry.of(ErrorCode.CONSTRAINT_FAILED)).contains(ShouldRetry.YES);
        assertThat(ShouldRetry.of(ErrorCode.INVALID_VALUE)).contains(ShouldRetry.NO);
        assertThat(ShouldRetry.of(ErrorCode.REQUEST_FAILED)).contains(ShouldRetry.NO);
        assertThat(ShouldRetry.of(ErrorCode.INSUFFICIENT_QUOTA)).contains(ShouldRetry.NO);
        assertThat(ShouldRetry.of(ErrorCode.RATE_LIMITED)).isEmpty();
        assertThat(ShouldRetry.of(ErrorCode.TOKENS_LIMITED)).isEmpty();
        assertThat(ShouldRetry.of(ErrorCode.WORKER_FAILED)).isEmpty();
    }
}
