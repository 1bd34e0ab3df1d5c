package dev.weft.format.npy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Element types of .npy files that are read and written here, all little-endian. */
public enum NpyType {
    FLOAT16("<f2", 2),
    FLOAT32("<f4", 4),
    /**
     * NumPy has no bfloat16; TensorRT-LLM's tools keep its bits as a void of two bytes
     * (torch_to_numpy in tensorrt_llm/_utils.py), which NumPy saves under this name.
     */
    BFLOAT16("|V2", 2),
    INT32("<i4", 4);

    /** NumPy's text for the bfloat16 of ml_dtypes, JAX's type; the bytes are the same. */
    private static final String LITTLE_ENDIAN_VOID = "<V2";

    private final String descr;
    private final int bytes;

    NpyType(String descr, int bytes) {
        this.descr = descr;
        this.bytes = bytes;
    }

    /** The type as a header spells it. */
    public String descr() {
        return descr;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    static Optional<NpyType> of(String descr) {
        String known = descr.equals(LITTLE_ENDIAN_VOID) ? BFLOAT16.descr : descr;
        return Arrays.stream(values()).filter(type -> type.descr.equals(known)).findFirst();
    }

    static String allowed() {
        return Arrays.stream(values())
                .map(type -> "'" + type.descr + "'")
                .collect(Collectors.joining(", "));
    }
}
