package dev.weft.format.safetensors;

import java.io.IOException;

/** Thrown if a file breaks the safetensors format; the message names file and place. */
public final class SafetensorsException extends IOException {
    public SafetensorsException(String message) {
        super(message);
    }
}
