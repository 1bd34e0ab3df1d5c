package dev.weft.inference.tensorrtllm.triton;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.tritonserver.global.tritonserver;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_InferenceRequest;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_InferenceTrace;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_ResponseAllocator;
import org.bytedeco.tritonserver.tritonserver.TRITONSERVER_Server;

/**
 * A request that Triton has. Its native request and the block of its inputs live until Triton has
 * both released the request and sent the last response; the second of the two frees them, under the
 * monitor that {@link #cancel} takes.
 */
public final class InferenceCall {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final ResponseReceiver receiver;
    private final Runnable closed;
    private final TRITONSERVER_InferenceRequest request;
    private final long block;
    private boolean released;
    private boolean answered;
    private boolean freed;

    private InferenceCall(
            TRITONSERVER_InferenceRequest request,
            long block,
            ResponseReceiver receiver,
            Runnable closed) {
        this.request = request;
        this.block = block;
        this.receiver = receiver;
        this.closed = closed;
    }

    /**
     * Hands a request to Triton.
     *
     * @param closed run when Triton has let go of it; not if this throws
     * @throws TritonException if Triton doesn't take it; the receiver is not called then
     */
    static InferenceCall start(
            TRITONSERVER_Server server,
            TRITONSERVER_ResponseAllocator allocator,
            String model,
            InferenceInputs inputs,
            ResponseReceiver receiver,
            Runnable closed) {
        TRITONSERVER_InferenceRequest request = newRequest(server, model);
        InferenceCall call =
                new InferenceCall(request, Memory.allocate(inputs.blockBytes()), receiver, closed);
        Callbacks.register(call.number, call);
        try {
            call.fill(inputs);
            Pointer number = new Callbacks.Address(call.number);
            Errors.check(
                    tritonserver.TRITONSERVER_InferenceRequestSetReleaseCallback(
                            request, Callbacks.RELEASED, number));
            Errors.check(
                    tritonserver.TRITONSERVER_InferenceRequestSetResponseCallback(
                            request, allocator, null, Callbacks.RESPONSE, number));
            Errors.check(
                    tritonserver.TRITONSERVER_ServerInferAsync(
                            server, request, (TRITONSERVER_InferenceTrace) null));
        } catch (RuntimeException | Error e) {
            call.free();
            throw e;
        }
        return call;
    }

    /**
     * Asks the backend to end the request; the last response still comes. Idempotent, any thread.
     */
    public synchronized void cancel() {
        if (!freed) {
            Errors.check(tritonserver.TRITONSERVER_InferenceRequestCancel(request));
        }
    }

    void onResponse(long response, boolean last, ResponseReader reader) {
        try {
            if (response != 0) {
                read(response, last, reader);
            } else if (last) {
                receiver.onEnd();
            }
        } finally {
            if (last) {
                synchronized (this) {
                    answered = true;
                }
                freeIfDone();
            }
        }
    }

    void onReleased() {
        synchronized (this) {
            released = true;
        }
        freeIfDone();
    }

    private void read(long response, boolean last, ResponseReader reader) {
        try {
            long error = Library.responseError(response);
            if (error != 0) {
                receiver.onFailure(Library.taken(error), last);
            } else {
                reader.open(response);
                receiver.onResponse(reader, last);
            }
        } catch (RuntimeException | Error e) {
            receiver.onFailure(
                    new TritonException(
                            TritonException.Code.INTERNAL,
                            "a response could not be read: " + e.getMessage(),
                            e),
                    last);
        } finally {
            Library.responseDelete(response);
        }
    }

    private void freeIfDone() {
        boolean done;
        synchronized (this) {
            done = released && answered && !freed;
            if (done) {
                free();
            }
        }
        if (done) {
            try {
                receiver.onClosed();
            } finally {
                closed.run();
            }
        }
    }

    private synchronized void free() {
        freed = true;
        Callbacks.forget(number);
        Errors.check(tritonserver.TRITONSERVER_InferenceRequestDelete(request));
        Memory.free(block);
    }

    private void fill(InferenceInputs inputs) {
        Errors.check(
                tritonserver.TRITONSERVER_InferenceRequestSetId(request, String.valueOf(number)));
        inputs.write(block, this::add);
        for (String output : inputs.outputs()) {
            Errors.check(
                    tritonserver.TRITONSERVER_InferenceRequestAddRequestedOutput(request, output));
        }
    }

    private void add(String name, TensorType type, long[] shape, long address, long bytes) {
        Errors.check(
                tritonserver.TRITONSERVER_InferenceRequestAddInput(
                        request, name, type.number(), shape, shape.length));
        Errors.check(
                tritonserver.TRITONSERVER_InferenceRequestAppendInputData(
                        request,
                        name,
                        new Callbacks.Address(address),
                        bytes,
                        tritonserver.TRITONSERVER_MEMORY_CPU,
                        0));
    }

    private static TRITONSERVER_InferenceRequest newRequest(
            TRITONSERVER_Server server, String model) {
        try (PointerPointer<TRITONSERVER_InferenceRequest> out = new PointerPointer<>(1)) {
            Errors.check(tritonserver.TRITONSERVER_InferenceRequestNew(out, server, model, -1));
            return out.get(TRITONSERVER_InferenceRequest.class);
        }
    }
}
