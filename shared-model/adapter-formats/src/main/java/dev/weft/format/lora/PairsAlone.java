package dev.weft.format.lora;

import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.Reason;
import java.util.List;
import java.util.Optional;

/** Checks adapters for engines that compute pairs A and B of linear layers, and nothing more. */
public final class PairsAlone {
    private PairsAlone() {}

    /** The outcome of a check for such an engine; an adapter with more is closed and refused. */
    public static LoraCheck of(LoraCheck check) {
        if (!(check instanceof LoraCheck.Accepted(LoraAdapter adapter, _))) {
            return check;
        }
        Optional<String> more = adapter.beyondPairs();
        if (more.isEmpty()) {
            return check;
        }
        String extras = String.join(", ", adapter.extras());
        adapter.close();
        return new LoraCheck.Refused(
                List.of(
                        new Reason(
                                LoraFault.UNSUPPORTED_SETTING.name(),
                                AdapterFiles.CONFIG,
                                null,
                                extras,
                                "pairs A and B of linear layers alone",
                                more.get())));
    }
}
