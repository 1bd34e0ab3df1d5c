package dev.weft.inference.relay.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerDescriptionTest {
    @Test
    void hasThePathsOfTheServer() {
        String json =
                "{\"openapi\":\"3.1.0\",\"paths\":{\"/v1/models\":{\"get\":{}},\"/v1/embeddings\":{}}}";
        assertThat(ServerDescription.paths(json))
                .containsExactlyInAnyOrder("/v1/models", "/v1/embeddings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "null", "{}", "{\"paths\":[\"/v1/models\"]}"})
    void hasNoneIfItIsNone(String text) {
        assertThat(ServerDescription.paths(text)).isEmpty();
    }
}
