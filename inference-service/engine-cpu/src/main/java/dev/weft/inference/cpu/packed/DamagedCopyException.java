package dev.weft.inference.cpu.packed;

import java.io.Serial;

/**
 * A file is no whole copy of the weights that are asked for. The message says of it what is wrong.
 */
final class DamagedCopyException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    DamagedCopyException(String message) {
        super(message);
    }
}
