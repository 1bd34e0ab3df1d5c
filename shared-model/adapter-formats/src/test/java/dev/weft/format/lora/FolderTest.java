package dev.weft.format.lora;

import static dev.weft.format.lora.SmallAdapter.BASE;
import static dev.weft.format.lora.SmallAdapter.PREFIX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Writes adapters into a folder of its own and checks them. */
abstract class FolderTest {
    static final String Q_A = PREFIX + "0.self_attn.q_proj.lora_A.weight";
    static final String Q_B = PREFIX + "0.self_attn.q_proj.lora_B.weight";

    @TempDir Path folder;

    LoraCheck check(SmallAdapter adapter) throws IOException {
        return LoraFolder.check(adapter.write(folder), BASE, 8);
    }

    LoraAdapter accept(SmallAdapter adapter) throws IOException {
        return switch (check(adapter)) {
            case LoraCheck.Accepted accepted -> accepted.adapter();
            case LoraCheck.Refused refused -> throw new AssertionError(refused);
        };
    }

    void assertAccepted(SmallAdapter adapter) throws IOException {
        try (LoraAdapter lora = accept(adapter)) {
            assertThat(lora.pairs()).isNotEmpty();
        }
    }

    void assertCodes(SmallAdapter adapter, String... codes) throws IOException {
        assertThat(refuse(adapter, 8)).extracting(Reason::code).containsExactly(codes);
    }

    List<Reason> refuse(SmallAdapter adapter, int maxRank) throws IOException {
        return reasons(LoraFolder.check(adapter.write(folder), BASE, maxRank));
    }

    static List<String> codes(LoraCheck check) {
        return reasons(check).stream().map(Reason::code).toList();
    }

    static List<Reason> reasons(LoraCheck check) {
        return switch (check) {
            case LoraCheck.Refused refused -> refused.reasons();
            case LoraCheck.Accepted accepted -> {
                accepted.adapter().close();
                throw new AssertionError("accepted with " + accepted.warnings());
            }
        };
    }

    static LinearModule[] modules(String names) {
        return List.of(names.split(",")).stream()
                .map(LinearModule::valueOf)
                .toArray(LinearModule[]::new);
    }
}
