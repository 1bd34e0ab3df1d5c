package dev.weft.standalone.config;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the folder in which commands look for checkpoints, and fetch them to. */
public final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".weft",
            description =
                    "Folder for state, the same as that of serve. The checkpoint is fetched into"
                            + " it (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".weft");

    /** Its absolute path. */
    public Path folder() {
        return data.toAbsolutePath().normalize();
    }
}
