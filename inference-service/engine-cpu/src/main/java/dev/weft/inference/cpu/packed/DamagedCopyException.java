package dev.weft.inference.cpu.packed;

import java.io.Serial;

/** A file is not a complete copy of the requested weights. The message says why. */
final class DamagedCopyException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    DamagedCopyException(String message) {
        super(message);
    }
}
