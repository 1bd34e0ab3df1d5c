package dev.weft.format.npy;

import java.io.IOException;

/** Thrown if a file breaks the .npy format, or holds something that is not read here. */
public final class NpyException extends IOException {
    private static final long serialVersionUID = 1L;

    public NpyException(String message) {
        super(message);
    }
}
