package dev.weft.format.lora.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.format.lora.reason.Reasons;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Any adapter_config.json is read, or gives a reason to refuse the adapter. */
class AdapterConfigFuzzTest {
    @FuzzTest
    void readsOrGivesReasons(byte[] bytes) {
        ObjectNode json;
        try {
            if (!(JsonMapper.shared().readTree(bytes) instanceof ObjectNode object)) {
                return;
            }
            json = object;
        } catch (JacksonException e) {
            return;
        }
        Reasons reasons = new Reasons();

        Optional<PeftConfig> config = new PeftConfigReader(json, reasons).read();

        if (config.isEmpty()) {
            assertThat(reasons.refusals()).isNotEmpty();
        } else {
            assertThat(config.get().sizes().rank()).isPositive();
        }
        assertThat(reasons.refusals().toString().length()).isLessThan(1_000_000);
    }
}
