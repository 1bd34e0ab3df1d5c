package dev.weft.inference.tensorrtllm.triton;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.tritonserver.global.tritonserver;

/** Whether libtritonserver is on this machine, in the version that the preset was made for. */
public final class LibraryCheck {
    private static final String RUN_IN_IMAGE =
            "run the worker in NVIDIA's image nvcr.io/nvidia/tritonserver:26.07-trtllm-python-py3";

    private LibraryCheck() {}

    /**
     * Loads libtritonserver.
     *
     * @throws TritonException where it is missing or of another version
     */
    public static void check() {
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
