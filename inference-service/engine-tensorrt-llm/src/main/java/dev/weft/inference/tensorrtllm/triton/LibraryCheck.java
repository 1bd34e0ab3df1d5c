package dev.weft.inference.tensorrtllm.triton;

import dev.weft.inference.tensorrtllm.signal.SignalGuard;
import java.util.Optional;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.tritonserver.global.tritonserver;

/** Whether libtritonserver is on this machine, in the version that the preset was made for. */
public final class LibraryCheck {
    private static final String RUN_IN_IMAGE =
            "run the worker in NVIDIA's image nvcr.io/nvidia/tritonserver:26.07-trtllm-python-py3";

    private static final String PLATFORM = "Linux amd64";

    /**
     * The glibc that the preset's libraries are linked with: {@code objdump -T} shows GLIBC_2.38.
     */
    private static final int GLIBC_MAJOR = 2;

    private static final int GLIBC_MINOR = 38;

    private LibraryCheck() {}

    /** What this machine lacks to run any libtritonserver; empty if it lacks nothing. */
    public static Optional<String> lack() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return lack(platform, CLibrary.ofThisProcess());
    }

    static Optional<String> lack(String platform, CLibrary library) {
        if (!platform.equals(PLATFORM)) {
            return Optional.of(
                    "libtritonserver runs on " + PLATFORM + ", and this machine is " + platform);
        }
        if (!library.isGlibc(GLIBC_MAJOR, GLIBC_MINOR)) {
            return Optional.of(
                    "libtritonserver needs glibc %d.%d and the libstdc++ of GCC 13, or later ones, and this machine has %s"
                            .formatted(GLIBC_MAJOR, GLIBC_MINOR, library));
        }
        return Optional.empty();
    }

    /**
     * Loads libtritonserver.
     *
     * @throws TritonException if this machine can't run it, if its backends would take the JVM's
     *     signals, or if it is missing or of another version
     */
    public static void check() {
        lack().ifPresent(lack -> {
            throw new TritonException(TritonException.Code.UNAVAILABLE, lack + ": " + RUN_IN_IMAGE);
        });
        SignalGuard.lack()
                .ifPresent(lack -> {
                    throw new TritonException(TritonException.Code.UNAVAILABLE, lack);
                });
        try (IntPointer major = new IntPointer(1);
                IntPointer minor = new IntPointer(1)) {
            Errors.check(tritonserver.TRITONSERVER_ApiVersion(major, minor));
            int wantedMajor = tritonserver.TRITONSERVER_API_VERSION_MAJOR;
            int wantedMinor = tritonserver.TRITONSERVER_API_VERSION_MINOR;
            if (major.get() != wantedMajor || minor.get() < wantedMinor) {
                throw new TritonException(
                        TritonException.Code.UNSUPPORTED,
                        "libtritonserver has API version %d.%d, needed is %d.%d or a later minor one: "
                                        .formatted(
                                                major.get(), minor.get(), wantedMajor, wantedMinor)
                                + RUN_IN_IMAGE);
            }
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            throw new TritonException(
                    TritonException.Code.UNAVAILABLE,
                    "libtritonserver can't be loaded on this machine ("
                            + e.getMessage()
                            + "): "
                            + RUN_IN_IMAGE,
                    e);
        }
    }
}
