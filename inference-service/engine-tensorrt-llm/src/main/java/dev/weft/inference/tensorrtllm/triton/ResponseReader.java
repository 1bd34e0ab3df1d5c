package dev.weft.inference.tensorrtllm.triton;

/** Reads responses on one of Triton's threads, again and again with the same memory. */
final class ResponseReader implements TritonResponse {
    /**
     * {@code TRITONSERVER_InferenceResponseOutput}: name, type, shape, dimensions, base, bytes, ...
     */
    private static final int WORDS = 9;

    private static final int NAME = 0;
    private static final int TYPE = 8;
    private static final int SHAPE = 16;
    private static final int DIMENSIONS = 24;
    private static final int BASE = 32;
    private static final int BYTES = 40;
    private static final int MAX_OUTPUTS = 16;

    /**
     * {@code WORDS} words for each output, then one for the number of outputs; the thread keeps
     * this memory for good.
     */
    private final long rows = Memory.allocate(8L * WORDS * MAX_OUTPUTS + 8);

    private final long countAt = rows + 8L * WORDS * MAX_OUTPUTS;
    private int count;
    private long row;

    /** Reads what a response has; valid until it is deleted. */
    void open(long response) {
        Library.responseOutputCount(response, countAt);
        count = Memory.getInt(countAt);
        if (count > MAX_OUTPUTS) {
            throw new IllegalStateException(
                    "a response with " + count + " outputs, " + MAX_OUTPUTS + " are read");
        }
        for (int i = 0; i < count; i++) {
            Library.responseOutput(response, i, rows + 8L * WORDS * i);
        }
    }

    @Override
    public boolean select(OutputName name) {
        for (int i = 0; i < count; i++) {
            row = rows + 8L * WORDS * i;
            if (name.at(Memory.getLong(row + NAME))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public TensorType type() {
        return TensorType.of(Memory.getInt(row + TYPE));
    }

    @Override
    public long bytes() {
        return Memory.getLong(row + BYTES);
    }

    @Override
    public long lastDimension() {
        long dimensions = Memory.getLong(row + DIMENSIONS);
        return dimensions == 0
                ? 1
                : Memory.getLong(Memory.getLong(row + SHAPE) + 8 * (dimensions - 1));
    }

    @Override
    public int getInt(long index) {
        return Memory.getInt(at(index, Integer.BYTES));
    }

    @Override
    public float getFloat(long index) {
        return type() == TensorType.FP16
                ? Float.float16ToFloat((short) getHalf(index))
                : Float.intBitsToFloat(getInt(index));
    }

    @Override
    public String getText() {
        int length = Memory.getInt(at(0, Integer.BYTES));
        if (length < 0 || length > bytes() - Integer.BYTES) {
            throw new IllegalStateException(
                    "a text of " + length + " bytes in " + bytes() + " bytes");
        }
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = Memory.getByte(Memory.getLong(row + BASE) + Integer.BYTES + i);
        }
        return new String(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private int getHalf(long index) {
        long at = at(index, Short.BYTES);
        return (Memory.getByte(at) & 0xFF) | (Memory.getByte(at + 1) << 8);
    }

    private long at(long index, int size) {
        if (index < 0 || (index + 1) * size > bytes()) {
            throw new IndexOutOfBoundsException(
                    "element " + index + " of an output of " + bytes() + " bytes");
        }
        return Memory.getLong(row + BASE) + index * size;
    }
}
