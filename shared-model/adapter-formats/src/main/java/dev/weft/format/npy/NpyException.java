package dev.weft.format.npy;

import java.io.IOException;

/** Thrown if a file breaks the .npy format, or holds something that is not read here. */
public final class NpyException extends IOException {
    public NpyException(String message) {
        super(message);
    }
}
