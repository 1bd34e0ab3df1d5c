package dev.weft.inference.tensorrtllm.triton;

import java.nio.charset.StandardCharsets;

/** Name of an output tensor, ready to be compared with the one in a response. */
public final class OutputName {
    private final String text;
    private final byte[] bytes;

    public OutputName(String text) {
        this.text = text;
        this.bytes = (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    /** True if the zero-terminated text at that address is this name. */
    boolean at(long address) {
        for (int i = 0; i < bytes.length; i++) {
            if (Memory.getByte(address + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
