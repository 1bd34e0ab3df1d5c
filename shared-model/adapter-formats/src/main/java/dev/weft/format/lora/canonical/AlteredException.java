package dev.weft.format.lora.canonical;

import java.io.IOException;

/**
 * An adapter that was written is another one when it is read again, which no disk is to blame for.
 */
public final class AlteredException extends IOException {
    AlteredException(String message) {
        super(message);
    }
}
