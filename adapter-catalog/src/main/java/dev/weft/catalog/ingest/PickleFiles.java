package dev.weft.catalog.ingest;

import dev.weft.model.adapter.Reason;
import java.util.List;

/** Refuses weights in Python's pickle format by their names; loading one can run code. */
final class PickleFiles {
    private static final List<String> ENDINGS =
            List.of(".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt");

    private PickleFiles() {}

    static void refuse(List<String> files) throws RejectedException {
        List<Reason> reasons =
                files.stream().filter(PickleFiles::isPickle).map(PickleFiles::reason).toList();
        if (!reasons.isEmpty()) {
            throw new RejectedException(reasons);
        }
    }

    private static boolean isPickle(String file) {
        return ENDINGS.stream().anyMatch(file::endsWith);
    }

    private static Reason reason(String file) {
        return new Reason(
                "PICKLE_FILE",
                file,
                null,
                file,
                "adapter_model.safetensors",
                file
                        + " is a pickle, which can run code when it is loaded; it was not opened."
                        + " Allowed is adapter_model.safetensors");
    }
}
