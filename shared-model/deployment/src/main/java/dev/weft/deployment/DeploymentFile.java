package dev.weft.deployment;

import dev.weft.deployment.DeploymentReader.Reading;
import dev.weft.deployment.document.DeploymentFault;
import dev.weft.deployment.document.Origin;
import dev.weft.deployment.document.YamlNode;
import dev.weft.deployment.document.YamlReader;
import dev.weft.deployment.truss.FileFolders;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.PropertySource;

/**
 * Reads deployment files: Truss's keys unchanged, and Weft's own under {@code weft:}.
 * docs/configuration.md describes the keys.
 */
public final class DeploymentFile {
    private DeploymentFile() {}

    /**
     * Reads and checks a file.
     *
     * @param overrides {@code KEY=VALUE}, laid over the file before it is checked
     * @throws DeploymentException with all faults at once
     */
    public static Deployment read(Path file, List<String> overrides) throws DeploymentException {
        return readEffective(file, overrides).deployment();
    }

    /** Reads and checks a file, and keeps every value's origin. */
    public static EffectiveDeployment readEffective(Path file, List<String> overrides)
            throws DeploymentException {
        return readEffective(file, overrides, System.getenv());
    }

    /**
     * Reads and checks a file, or one that lists the files of several bases.
     *
     * @param overrides laid over this file; those below {@code weft} also over the files it lists
     */
    public static EffectiveDeployment readFleet(Path file, List<String> overrides)
            throws DeploymentException {
        return readFleet(file, overrides, System.getenv());
    }

    /**
     * The same for a service that opens only some of the folders.
     *
     * @param folders that must be there
     */
    public static EffectiveDeployment readFleet(
            Path file, List<String> overrides, FileFolders folders) throws DeploymentException {
        var environment = EnvironmentSource.of(System.getenv());
        return read(file, overrides, Reading.of(List.of(environment), true, folders));
    }

    /**
     * Reads a file that may name several bases, in another environment whose variables win over all
     * files.
     */
    static EffectiveDeployment readFleet(
            Path file, List<String> overrides, Map<String, String> environment)
            throws DeploymentException {
        List<PropertySource<?>> outside = List.of(EnvironmentSource.of(environment));
        return read(file, overrides, Reading.of(outside, true, FileFolders.ALL));
    }

    /**
     * Reads a file that names one base, in another environment.
     *
     * @param environment variables such as {@code WEFT_GATEWAY_PORT} win over the file, and {@code
     *     overrides} over them
     */
    public static EffectiveDeployment readEffective(
            Path file, List<String> overrides, Map<String, String> environment)
            throws DeploymentException {
        return one(file, readFleet(file, overrides, environment));
    }

    /**
     * Reads a file that names one base for whoever opens only some of the folders.
     *
     * @param folders that must be there
     */
    public static EffectiveDeployment readEffective(
            Path file, List<String> overrides, FileFolders folders) throws DeploymentException {
        return one(file, readFleet(file, overrides, folders));
    }

    /** Settings of the command line that all files of a fleet get. */
    private static List<String> ofAll(List<String> overrides) {
        return overrides.stream()
                .filter(setting -> setting.startsWith("weft."))
                .filter(setting -> !setting.startsWith(FleetReader.KEY))
                .toList();
    }

    private static EffectiveDeployment one(Path file, EffectiveDeployment effective)
            throws DeploymentException {
        if (effective.fleet().isOne()) {
            return effective;
        }
        throw unreadable(
                file,
                "lists deployments (" + FleetReader.KEY + "), and one of its files is needed here");
    }

    /**
     * The deployments for a service that runs by itself, and doesn't know the keys of the others.
     *
     * @param outside what wins over the file
     * @param folders that must be there
     */
    static Fleet readPart(Path file, List<PropertySource<?>> outside, FileFolders folders)
            throws DeploymentException {
        return read(file, List.of(), Reading.of(outside, false, folders)).fleet();
    }

    private static EffectiveDeployment read(Path file, List<String> overrides, Reading reading)
            throws DeploymentException {
        var faults = new ArrayList<DeploymentFault>();
        YamlNode.Fields written = document(file, faults);
        if (!faults.isEmpty() && written.fields().isEmpty()) {
            throw new DeploymentException(faults);
        }
        YamlNode.Fields root = new CommandLineSettings(faults).apply(written, overrides);
        Path folder = file.toAbsolutePath().normalize().getParent();
        return new DeploymentReader(root, folder == null ? Path.of("/") : folder, faults, reading)
                .read(member ->
                        one(member, read(member, ofAll(overrides), reading.ofListed()))
                                .deployment());
    }

    private static YamlNode.Fields document(Path file, List<DeploymentFault> faults)
            throws DeploymentException {
        String name = String.valueOf(file.getFileName());
        var top = new Origin.InFile(name, 1, 1);
        YamlNode root =
                new YamlReader((line, column) -> new Origin.InFile(name, line, column), faults)
                        .read(text(file));
        return switch (root) {
            case null -> new YamlNode.Fields(Map.of(), top);
            case YamlNode.Fields fields -> new YamlNode.Fields(fields.fields(), top);
            case YamlNode.Scalar _, YamlNode.Items _ -> {
                String message =
                        "is "
                                + root.kind()
                                + ": a mapping with model_name, trt_llm, ... is allowed";
                faults.add(new DeploymentFault("", top, message));
                yield new YamlNode.Fields(Map.of(), top);
            }
        };
    }

    private static String text(Path file) throws DeploymentException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException _) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw unreadable(file, "is not UTF-8 text");
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "is a folder" : "can't be read: " + e;
            throw unreadable(file, why);
        }
    }

    private static DeploymentException unreadable(Path file, String why) {
        return new DeploymentException(
                List.of(new DeploymentFault("", new Origin.Default(), file + ": " + why)));
    }
}
