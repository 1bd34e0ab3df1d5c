package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_InferenceRequestReleaseFn_t;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_InferenceResponseCompleteFn_t;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ResponseAllocatorAllocFn_t;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ResponseAllocatorReleaseFn_t;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions that Triton calls: one of each kind for the whole process, since the preset has
 * room for ten of a kind, and none may go while Triton may still call it. {@code userp} holds the
 * request's number.
 *
 * <p>An exception that left one of them would end the process, so each is caught and logged.
 */
// unused: they are called by name, with the parameters that Triton has
@SuppressWarnings({"restricted", "UnusedMethod", "UnusedVariable"})
final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final int FINAL = 1;
    private static final Map<Long, InferenceCall> CALLS = new ConcurrentHashMap<>();
    private static final ThreadLocal<ResponseReader> READERS =
            ThreadLocal.withInitial(ResponseReader::new);

    private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    static final TRITONSERVER_InferenceResponseCompleteFn_t RESPONSE =
            new TRITONSERVER_InferenceResponseCompleteFn_t(
                    stub("onResponse", FunctionDescriptor.ofVoid(POINTER, INT, POINTER)));
    static final TRITONSERVER_InferenceRequestReleaseFn_t RELEASED =
            new TRITONSERVER_InferenceRequestReleaseFn_t(
                    stub("onReleased", FunctionDescriptor.ofVoid(POINTER, INT, POINTER)));
    static final TRITONSERVER_ResponseAllocatorAllocFn_t ALLOCATE =
            new TRITONSERVER_ResponseAllocatorAllocFn_t(
                    stub(
                            "onAllocate",
                            FunctionDescriptor.of(
                                    POINTER, POINTER, POINTER, POINTER, INT, POINTER, POINTER,
                                    POINTER, POINTER, POINTER, POINTER)));
    static final TRITONSERVER_ResponseAllocatorReleaseFn_t FREE =
            new TRITONSERVER_ResponseAllocatorReleaseFn_t(
                    stub(
                            "onFree",
                            FunctionDescriptor.of(
                                    POINTER, POINTER, POINTER, POINTER, POINTER, INT, POINTER)));

    private Callbacks() {}

    /** A native pointer that is only a number. */
    static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    static void register(long number, InferenceCall call) {
        CALLS.put(number, call);
    }

    static void forget(long number) {
        CALLS.remove(number);
    }

    private static void onResponse(long response, int flags, long userp) {
        try {
            InferenceCall call = CALLS.get(userp);
            if (call == null) {
                LOG.error("Triton answered request {}, which is unknown here", userp);
                return;
            }
            call.onResponse(response, (flags & FINAL) != 0, READERS.get());
        } catch (Throwable e) {
            LOG.error("a response of request {} is lost", userp, e);
        }
    }

    private static void onReleased(long request, int flags, long userp) {
        try {
            InferenceCall call = CALLS.get(userp);
            if (call != null) {
                call.onReleased();
            }
        } catch (Throwable e) {
            LOG.error("request {} could not be released", userp, e);
        }
    }

    /** A buffer in CPU memory for an output, whatever memory was asked for; none for no bytes. */
    private static long onAllocate(
            long allocator,
            long tensor,
            long bytes,
            int memory,
            long memoryId,
            long userp,
            long buffer,
            long bufferUserp,
            long actualMemory,
            long actualMemoryId) {
        try {
            Memory.setLong(buffer, bytes == 0 ? 0 : Memory.allocate(bytes));
            Memory.setLong(bufferUserp, 0);
            Memory.setInt(actualMemory, 0);
            Memory.setLong(actualMemoryId, 0);
            return 0;
        } catch (Throwable e) {
            LOG.error("no memory for an output of {} bytes", bytes, e);
            Memory.setLong(buffer, 0);
            return 0;
        }
    }

    private static long onFree(
            long allocator, long buffer, long bufferUserp, long bytes, int memory, long memoryId) {
        try {
            if (buffer != 0) {
                Memory.free(buffer);
            }
        } catch (Throwable e) {
            LOG.error("a buffer of {} bytes is lost", bytes, e);
        }
        return 0;
    }

    /** The block that JavaCPP takes for a function; its first word is the function's address. */
    private static Pointer stub(String method, FunctionDescriptor type) {
        try {
            MethodType javaType = type.toMethodType();
            MemorySegment function =
                    Linker.nativeLinker()
                            .upcallStub(
                                    MethodHandles.lookup()
                                            .findStatic(Callbacks.class, method, javaType),
                                    type,
                                    Arena.global());
            MemorySegment block =
                    Arena.global().allocate(MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_LONG));
            block.set(ValueLayout.JAVA_LONG, 0, function.address());
            return new Address(block.address());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(method, e);
        }
    }
}
