package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tritonserver.global.tritonserver;

/**
 * libtritonserver, and those of its calls that run for every token. They don't go through JavaCPP,
 * which makes an object for each of their pointers: that would be most of a token's cost. Addresses
 * are longs.
 */
@SuppressWarnings("restricted")
final class Library {
    static {
        Loader.load(tritonserver.class);
    }

    private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle RESPONSE_ERROR =
            of("TRITONSERVER_InferenceResponseError", POINTER, POINTER);
    private static final MethodHandle RESPONSE_OUTPUT_COUNT =
            of("TRITONSERVER_InferenceResponseOutputCount", POINTER, POINTER, POINTER);
    private static final MethodHandle RESPONSE_OUTPUT =
            of(
                    "TRITONSERVER_InferenceResponseOutput",
                    POINTER,
                    POINTER,
                    INT,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER,
                    POINTER);
    private static final MethodHandle RESPONSE_DELETE =
            of("TRITONSERVER_InferenceResponseDelete", POINTER, POINTER);
    private static final MethodHandle ERROR_CODE = of("TRITONSERVER_ErrorCode", INT, POINTER);
    private static final MethodHandle ERROR_MESSAGE =
            of("TRITONSERVER_ErrorMessage", POINTER, POINTER);
    private static final MethodHandle ERROR_DELETE = ofVoid("TRITONSERVER_ErrorDelete", POINTER);

    private Library() {}

    /** A new error, or 0. */
    static long responseError(long response) {
        try {
            return (long) RESPONSE_ERROR.invokeExact(response);
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }

    static void responseOutputCount(long response, long count) {
        try {
            check((long) RESPONSE_OUTPUT_COUNT.invokeExact(response, count));
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }

    /**
     * Writes Triton's description of an output into nine words from {@code to} on, in Triton's
     * order.
     */
    static void responseOutput(long response, int index, long to) {
        try {
            check(
                    (long)
                            RESPONSE_OUTPUT.invokeExact(
                                    response, index, to, to + 8, to + 16, to + 24, to + 32, to + 40,
                                    to + 48, to + 56, to + 64));
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }

    static void responseDelete(long response) {
        try {
            check((long) RESPONSE_DELETE.invokeExact(response));
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }

    /** Throws what an error says, and deletes it; nothing for 0. */
    static void check(long error) {
        if (error != 0) {
            throw taken(error);
        }
    }

    /** An error as an exception; the error is deleted. */
    static TritonException taken(long error) {
        try {
            TritonException.Code code =
                    TritonException.Code.of((int) ERROR_CODE.invokeExact(error));
            String message = Memory.text((long) ERROR_MESSAGE.invokeExact(error));
            ERROR_DELETE.invokeExact(error);
            return new TritonException(code, message);
        } catch (Throwable e) {
            throw Memory.unexpected(e);
        }
    }

    private static MethodHandle of(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    private static MethodHandle ofVoid(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        return Linker.nativeLinker()
                .downcallHandle(SymbolLookup.loaderLookup().findOrThrow(name), type);
    }
}
