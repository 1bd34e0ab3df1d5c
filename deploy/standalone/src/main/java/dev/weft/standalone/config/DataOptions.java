package dev.weft.standalone.config;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the folder in which commands look for checkpoints, and fetch them to. */
public final class DataOptions {
    /** The option's name, for commands that describe the option in their own words. */
    public static final String NAME = "--data";

    public static final String LABEL = "DIR";
    public static final String USUAL = ".weft";

    @Option(
            names = NAME,
            paramLabel = LABEL,
            defaultValue = USUAL,
            description =
                    "Folder for state, the same as that of serve. The checkpoint is fetched into"
                            + " it (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(USUAL);

    /** Its absolute path. */
    public Path folder() {
        return data.toAbsolutePath().normalize();
    }
}
