package dev.weft.inference.cpu.packed;

/** A file is not a complete copy of the requested weights. The message says why. */
final class DamagedCopyException extends Exception {
    DamagedCopyException(String message) {
        super(message);
    }
}
