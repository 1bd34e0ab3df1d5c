package dev.weft.standalone.bench.report;

import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for a file of figures. */
public final class ReportFile {
    @Option(
            names = "--json",
            paramLabel = "OUT",
            description = "Writes all figures to this file too.")
    private @Nullable Path json;

    /** Writes a document to the file, if one was named. */
    public void write(String document) throws CommandException {
        if (json == null) {
            return;
        }
        try {
            Files.writeString(json, document);
        } catch (IOException e) {
            throw new CommandException("--json " + json + " can't be written: " + e, e);
        }
    }
}
