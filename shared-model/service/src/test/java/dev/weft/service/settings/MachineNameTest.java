package dev.weft.service.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineNameTest {
    @Test
    void aContainersNameIsItsVariable() {
        assertThat(MachineName.of(Map.of("HOSTNAME", "weft-gateway-7f9c")))
                .hasToString("weft-gateway-7f9c");
    }

    @Test
    void charactersThatNoNameOfAHostHasAreReplaced() {
        assertThat(MachineName.of(Map.of("HOSTNAME", "a b/c_d"))).hasToString("a-b-c-d");
    }

    @Test
    void aMachineWithoutTheVariableIsLocalhost() {
        assertThat(MachineName.of(Map.of())).hasToString("localhost");
    }
}
