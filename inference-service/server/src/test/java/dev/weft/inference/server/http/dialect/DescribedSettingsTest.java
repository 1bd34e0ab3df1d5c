package dev.weft.inference.server.http.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/openapi/v1.json describes each setting at each interface that takes it. */
class DescribedSettingsTest {
    private static final JsonNode DESCRIBED =
            JsonMapper.shared().readTree(Path.of("..", "..", "docs", "openapi", "v1.json"));

    @ParameterizedTest
    @ValueSource(strings = {"ChatRequest", "MessageRequest", "ResponseRequest"})
    void eachSettingIsDescribed(String request) {
        JsonNode properties =
                DESCRIBED.path("components").path("schemas").path(request).path("properties");
        assertThat(properties.propertyNames()).containsAll(ChatBody.SETTINGS);
        for (JsonNode property : properties) {
            String reference = property.path("$ref").asString("");
            assertThat(reference.isEmpty() || !DESCRIBED.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isTrue();
        }
    }
}
