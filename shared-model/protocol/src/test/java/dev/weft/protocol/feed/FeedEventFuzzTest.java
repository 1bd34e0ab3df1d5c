package dev.weft.protocol.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An event of the catalog is either read or refused by its name. */
class FeedEventFuzzTest {
    @FuzzTest
    void readsOrRefusesAnEvent(byte[] bytes) {
        for (String name : List.of("snapshot", "published", "withdrawn")) {
            try {
                FeedCodec.decode(name, new String(bytes, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining(name);
            }
        }
    }
}
