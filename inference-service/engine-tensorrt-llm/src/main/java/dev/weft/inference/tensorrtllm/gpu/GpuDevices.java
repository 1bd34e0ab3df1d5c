package dev.weft.inference.tensorrtllm.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files by which NVIDIA's driver shows itself; reading them needs none of its libraries.
 *
 * @param folder of devices
 */
public record GpuDevices(Path folder) {
    /** Devices of the driver on Linux, and in WSL. */
    private static final List<String> DRIVERS = List.of("nvidiactl", "dxg");

    private static final Pattern GPU = Pattern.compile("nvidia\\d+");

    /** The devices of this machine, or of the container that this process is in. */
    public static GpuDevices ofThisMachine() {
        return new GpuDevices(Path.of("/dev"));
    }

    /** True if a driver shows itself. */
    public boolean driver() {
        return DRIVERS.stream().map(folder::resolve).anyMatch(Files::exists);
    }

    /** GPUs that the driver shows one by one; empty if it doesn't, as in WSL. */
    public OptionalInt count() {
        try (Stream<Path> files = Files.list(folder)) {
            int gpus =
                    Math.toIntExact(
                            files.filter(f -> GPU.matcher(f.getFileName().toString()).matches())
                                    .count());
            return gpus == 0 ? OptionalInt.empty() : OptionalInt.of(gpus);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
