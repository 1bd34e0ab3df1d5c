package dev.weft.protocol.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowCodecTest {
    @Test
    void demandsAndOrdersAreReadAsTheyWereWritten() {
        var demand = new ShadowDemand("gateway-1", Map.of(3L, 500L, 4L, 0L));
        assertThat(ShadowCodec.demand(ShadowCodec.encode(demand))).isEqualTo(demand);
        var order =
                new ShadowOrder(
                        3,
                        new AdapterId("acme", "prod"),
                        new ShadowOrder.Version("team/sql", 1),
                        new ShadowOrder.Version("team/sql", 2),
                        new ShadowOrder.Bounds(0.25, 2, 500),
                        Duration.ofMinutes(5));
        assertThat(ShadowCodec.orders(ShadowCodec.encode(List.of(order)))).containsExactly(order);
        assertThat(ShadowCodec.orders(ShadowCodec.encode(List.of()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "null",
                "{\"tokens\":{}}",
                "{\"instance\":\"a\",\"tokens\":{\"x\":1}}",
                "{\"instance\":\"a\",\"tokens\":{\"1\":[]}}"
            })
    void whatIsNoDemandIsRefused(String json) {
        assertThatThrownBy(() -> ShadowCodec.demand(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "{\"orders\":[{}]}",
                "{\"orders\":[{\"id\":1,\"tenant\":\"t\",\"name\":\"n\",\"share\":2}]}"
            })
    void whatAreNoOrdersAreRefused(String json) {
        assertThatThrownBy(() -> ShadowCodec.orders(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
