package dev.weft.inference.tensorrtllm.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import org.junit.jupiter.api.Test;

class TaskIdsTest {
    private static final String FIRST = "0123456789abcdef";
    private static final String OTHER = "fedcba9876543210";

    private final TaskIds ids = new TaskIds();

    @Test
    void isTheDigestsFirst64Bits() {
        AdapterDigest digest = new AdapterDigest(OTHER + FIRST.repeat(3));
        assertThat(ids.of(digest)).isEqualTo(0xfedcba9876543210L);
        assertThat(ids.of(digest)).isEqualTo(0xfedcba9876543210L);
    }

    @Test
    void twoDigestsNeverShareANumber() {
        AdapterDigest one = new AdapterDigest(FIRST.repeat(4));
        AdapterDigest two = new AdapterDigest(FIRST.repeat(3) + OTHER);
        AdapterDigest three = new AdapterDigest(FIRST.repeat(3) + OTHER.replace('f', 'e'));
        AdapterDigest four = new AdapterDigest(FIRST.repeat(2) + OTHER + FIRST);
        assertThat(new long[] {ids.of(one), ids.of(two), ids.of(three), ids.of(four)})
                .doesNotHaveDuplicates();
        assertThat(ids.of(two)).isEqualTo(0xfedcba9876543210L);
    }

    @Test
    void noNumberIsZero() {
        assertThat(ids.of(new AdapterDigest("0".repeat(64)))).isNotZero();
    }
}
