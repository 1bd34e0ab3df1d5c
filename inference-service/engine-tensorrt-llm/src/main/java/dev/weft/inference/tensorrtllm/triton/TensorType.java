package dev.weft.inference.tensorrtllm.triton;

/** Element types of tensors: {@code TRITONSERVER_DataType}. */
public enum TensorType {
    INVALID(0, 0),
    BOOL(1, 1),
    UINT8(2, 1),
    UINT16(3, 2),
    UINT32(4, 4),
    UINT64(5, 8),
    INT8(6, 1),
    INT16(7, 2),
    INT32(8, 4),
    INT64(9, 8),
    FP16(10, 2),
    FP32(11, 4),
    FP64(12, 8),
    /** Texts, each with its length in four bytes before it. */
    BYTES(13, 0),
    BF16(14, 2);

    private final int number;
    private final int bytes;

    TensorType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** The type of a number; INVALID for unknown numbers. */
    static TensorType of(int number) {
        for (TensorType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return INVALID;
    }

    int number() {
        return number;
    }

    /** Size of an element in bytes; 0 if it varies. */
    public int bytes() {
        return bytes;
    }
}
