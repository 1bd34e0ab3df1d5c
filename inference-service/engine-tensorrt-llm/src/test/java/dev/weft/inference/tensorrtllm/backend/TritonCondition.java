package dev.weft.inference.tensorrtllm.backend;

import dev.weft.inference.tensorrtllm.triton.LibraryCheck;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whether the preset's libtritonserver and a backend compiled for it run here. */
final class TritonCondition implements ExecutionCondition {
    /** What the preset's library is linked with, beside the stand-ins of {@link TestBackend}. */
    private static final List<String> LIBRARIES =
            List.of("libnuma.so.1", "libz.so.1", "libxml2.so.2", "libcurl.so.4", "libssl.so.3");

    private static final Optional<String> LACK =
            LibraryCheck.lack().or(TritonCondition::missing).map("missing: "::concat);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return LACK.map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("libtritonserver runs here"));
    }

    private static Optional<String> missing() {
        List<String> missing =
                Stream.concat(
                                LIBRARIES.stream().filter(name -> !isLoadable(name)),
                                Stream.of("gcc").filter(name -> !isOnPath(name)))
                        .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", missing) + ", which ./weft test installs");
    }

    @SuppressWarnings("restricted")
    private static boolean isLoadable(String library) {
        try {
            SymbolLookup.libraryLookup(library, Arena.global());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
