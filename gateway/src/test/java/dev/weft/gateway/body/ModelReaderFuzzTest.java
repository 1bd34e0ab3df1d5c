package dev.weft.gateway.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.protocol.error.ApiException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway routes by the model that the worker reads in the same body, or refuses the body. */
class ModelReaderFuzzTest {
    /** As the worker's JsonFields reads. */
    private static final JsonMapper WORKER =
            JsonMapper.builder().disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    @FuzzTest
    void readsTheModelThatTheWorkerReads(byte[] body) {
        RequestHead head;
        try {
            head = ModelReader.read(body);
        } catch (ApiException e) {
            assertThat(e.code().status()).isBetween(400, 499);
            return;
        }
        JsonNode root;
        try {
            root = WORKER.readTree(body);
        } catch (JacksonException e) {
            return; // the worker refuses it
        }
        assertThat(root.path("model").stringValue()).isEqualTo(head.model());
    }
}
