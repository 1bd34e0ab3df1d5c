package dev.weft.inference.tensorrtllm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.trtllm.EngineDemands;
import dev.weft.inference.tensorrtllm.backend.TestBackendSettings;
import dev.weft.protocol.adapter.LoraPlugin;
import org.junit.jupiter.api.Test;

class ModelDeclarationTest {
    private static final String REUSE =
            "{\"parameters\":{\"enable_kv_cache_reuse\":{\"string_value\":\"%s\"}}}";

    @Test
    void aModelThatReusesItsCacheIsNotServedToSeveralTenants() {
        for (String model : new String[] {REUSE.formatted("true"), REUSE.formatted(""), "{}"}) {
            ModelDeclaration declaration = new ModelDeclaration(model);
            assertThat(declaration.sharingFault(asked(true)))
                    .as(model)
                    .hasValueSatisfying(fault -> assertThat(fault).contains("prefix-sharing: all"));
            assertThat(declaration.sharingFault(asked(false))).isEmpty();
        }
        assertThat(new ModelDeclaration(REUSE.formatted("false")).sharingFault(asked(true)))
                .isEmpty();
    }

    private static EngineDemands asked(boolean tenantsApart) {
        EngineDemands one = TestBackendSettings.asked(LoraPlugin.FLOAT16, 16);
        return new EngineDemands(
                one.lora(), one.maxModelLength(), one.batch(), one.gpus(), tenantsApart);
    }
}
