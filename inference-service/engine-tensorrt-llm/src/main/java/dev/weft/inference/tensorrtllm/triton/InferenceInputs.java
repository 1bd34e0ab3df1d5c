package dev.weft.inference.tensorrtllm.triton;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tensors of one request, small ones in one block, and the outputs it wants. One thread uses it
 * once.
 */
// shapes are arrays as JavaCPP takes them, and stay in here
@SuppressWarnings("ArrayRecordComponent")
public final class InferenceInputs {
    private static final int ALIGNMENT = 8;

    private final List<Input> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private long bytes;

    private sealed interface Input {
        String name();

        TensorType type();

        long[] shape();

        long size();
    }

    private record Copied(
            String name,
            TensorType type,
            long[] shape,
            long size,
            long offset,
            Consumer<MemorySegment> writer)
            implements Input {}

    private record Lent(String name, TensorType type, long[] shape, MemorySegment data)
            implements Input {
        @Override
        public long size() {
            return data.byteSize();
        }
    }

    /** Receives each tensor of {@link #write}. */
    interface Sink {
        void accept(String name, TensorType type, long[] shape, long address, long bytes);
    }

    public void addInt(String name, int value, long... shape) {
        add(name, TensorType.INT32, shape, 4, to -> to.set(ValueLayout.JAVA_INT, 0, value));
    }

    /** An unsigned number of 64 bits. */
    public void addLong(String name, long value, long... shape) {
        add(name, TensorType.UINT64, shape, 8, to -> to.set(ValueLayout.JAVA_LONG, 0, value));
    }

    public void addFloat(String name, float value, long... shape) {
        add(name, TensorType.FP32, shape, 4, to -> to.set(ValueLayout.JAVA_FLOAT, 0, value));
    }

    public void addBoolean(String name, boolean value, long... shape) {
        byte one = (byte) (value ? 1 : 0);
        add(name, TensorType.BOOL, shape, 1, to -> to.set(ValueLayout.JAVA_BYTE, 0, one));
    }

    public void addInts(String name, int[] values, long... shape) {
        add(
                name,
                TensorType.INT32,
                shape,
                4L * values.length,
                to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_INT, 0, values.length));
    }

    public void addFloats(String name, float[] values, long... shape) {
        add(
                name,
                TensorType.FP32,
                shape,
                4L * values.length,
                to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_FLOAT, 0, values.length));
    }

    public void addText(String name, List<String> values, long... shape) {
        List<byte[]> texts =
                values.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        long size = texts.stream().mapToLong(text -> 4L + text.length).sum();
        add(
                name,
                TensorType.BYTES,
                shape,
                size,
                to -> {
                    long at = 0;
                    for (byte[] text : texts) {
                        to.set(ValueLayout.JAVA_INT_UNALIGNED, at, text.length);
                        MemorySegment.copy(text, 0, to, ValueLayout.JAVA_BYTE, at + 4, text.length);
                        at += 4 + text.length;
                    }
                });
    }

    /** Adds a tensor without copying it; it must stay until {@link ResponseReceiver#onClosed}. */
    public void lend(String name, TensorType type, MemorySegment data, long... shape) {
        inputs.add(new Lent(name, type, shape, data));
    }

    /** Asks for an output. */
    public void want(OutputName output) {
        outputs.add(output.toString());
    }

    List<String> outputs() {
        return outputs;
    }

    /** Size of the block that {@link #write} fills. */
    long blockBytes() {
        return bytes;
    }

    void write(long block, Sink sink) {
        for (Input input : inputs) {
            long address =
                    switch (input) {
                        case Copied copied -> {
                            long at = block + copied.offset;
                            copied.writer.accept(Memory.segment(at, copied.size));
                            yield at;
                        }
                        case Lent lent -> lent.data.address();
                    };
            sink.accept(input.name(), input.type(), input.shape(), address, input.size());
        }
    }

    private void add(
            String name, TensorType type, long[] shape, long size, Consumer<MemorySegment> writer) {
        inputs.add(new Copied(name, type, shape, size, bytes, writer));
        bytes = (bytes + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
