package dev.weft.format.lora.canonical;

import java.io.IOException;

/**
 * Thrown if an adapter that was written is another one when it is read again, through no fault of
 * the disk.
 */
public final class AlteredException extends IOException {
    AlteredException(String message) {
        super(message);
    }
}
