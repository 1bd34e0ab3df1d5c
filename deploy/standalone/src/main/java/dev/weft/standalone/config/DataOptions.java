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
                    "Folder for state, as of serve: the checkpoint is fetched there (default:"
                            + " ${DEFAULT-VALUE}).")
    private Path data = Path.of(".weft");

    /** Its absolute path. */
    public Path folder() {
        return data.toAbsolutePath().normalize();
    }
}
