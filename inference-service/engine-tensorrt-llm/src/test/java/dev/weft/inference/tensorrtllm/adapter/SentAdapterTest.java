package dev.weft.inference.tensorrtllm.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SentAdapterTest {
    private static final AdapterDigest DIGEST = new AdapterDigest("ab".repeat(32));

    private final AtomicInteger freed = new AtomicInteger();
    private final SentAdapter<AdapterData> adapter = new SentAdapter<>(DIGEST, 1, data());

    @Test
    void isFreedWhenItIsGivenUp() {
        adapter.lend();
        adapter.takeBack();
        assertThat(freed).hasValue(0);

        adapter.close();

        assertThat(freed).hasValue(1);
    }

    @Test
    void isFreedWhenTheLastRequestThatReadsItHasGone() {
        adapter.lend();
        adapter.lend();
        adapter.close();
        adapter.takeBack();
        assertThat(freed).hasValue(0);

        adapter.takeBack();

        assertThat(freed).hasValue(1);
    }

    private AdapterData data() {
        return new AdapterData() {
            @Override
            public long bytes() {
                return 10;
            }

            @Override
            public void close() {
                freed.incrementAndGet();
            }
        };
    }
}
