package dev.weft.standalone.config;

import dev.weft.deployment.DeploymentException;
import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.EffectiveDeployment;
import dev.weft.deployment.truss.FileFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options for the deployment file and for the settings that override it. */
public final class FileOptions {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Deployment file (default: the bundled samples/weft-tiny.yaml).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a key of the file, e.g. weft.inference.threads=4; repeatable.")
    private List<String> settings = new ArrayList<>();

    /** The file that was named, else the bundled sample. */
    public Path file() {
        return file == null ? sample() : file;
    }

    /** True if no file was named other than the bundled sample. */
    public boolean isSample() {
        return file().toAbsolutePath().normalize().equals(sample().toAbsolutePath().normalize());
    }

    private static Path sample() {
        return samples().resolve("weft-tiny.yaml");
    }

    /** The folder of the bundled files. */
    public static Path samples() {
        return Path.of(System.getProperty("weft.home", "."), "samples");
    }

    /**
     * Reads the file of one base.
     *
     * @param folders that must be there
     */
    public EffectiveDeployment read(FileFolders folders) throws DeploymentException {
        return DeploymentFile.readEffective(file(), settings, folders);
    }

    /**
     * Reads the file, which may list those of several bases, with more settings that override it.
     *
     * @param more settings, each {@code KEY=VALUE}; these win
     * @param folders that must be there
     */
    public EffectiveDeployment readFleet(List<String> more, FileFolders folders)
            throws DeploymentException {
        return DeploymentFile.readFleet(file(), with(more), folders);
    }

    private List<String> with(List<String> more) {
        var all = new ArrayList<>(settings);
        all.addAll(more);
        return all;
    }
}
