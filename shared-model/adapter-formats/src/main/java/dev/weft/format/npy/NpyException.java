package dev.weft.format.npy;

import java.io.IOException;

/** A file that is not what the .npy format allows, or that holds what is not read here. */
public final class NpyException extends IOException {
    private static final long serialVersionUID = 1L;

    public NpyException(String message) {
        super(message);
    }
}
