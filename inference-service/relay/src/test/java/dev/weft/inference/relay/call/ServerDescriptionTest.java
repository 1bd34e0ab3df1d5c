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
        assertThat(ServerDescription.read(json).paths())
                .containsExactlyInAnyOrder("/v1/models", "/v1/embeddings");
    }

    /** As FastAPI makes it, with the body's schema beside the paths. */
    @Test
    void saysWhichFieldsABodyHas() {
        String json =
                """
                {"paths":{"/v1/messages":{"post":{"requestBody":{"content":{"application/json":
                {"schema":{"$ref":"#/components/schemas/Messages"}}},"required":true}}},
                "/v1/score":{"post":{"requestBody":{"content":{"application/json":
                {"schema":{"properties":{"text_1":{}}}}}}}}},
                "components":{"schemas":{"Messages":{"properties":{"model":{},"cache_salt":{}}}}}}\
                """;
        assertThat(ServerDescription.read(json).takes("/v1/messages", "cache_salt")).isTrue();
        assertThat(ServerDescription.read(json).takes("/v1/messages", "user")).isFalse();
        assertThat(ServerDescription.read(json).takes("/v1/score", "text_1")).isTrue();
        assertThat(ServerDescription.read(json).takes("/v1/rerank", "text_1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "null", "{}", "{\"paths\":[\"/v1/models\"]}"})
    void hasNoneIfItIsNone(String text) {
        assertThat(ServerDescription.read(text).paths()).isEmpty();
        assertThat(ServerDescription.read(text).takes("/v1/models", "model")).isFalse();
    }
}
