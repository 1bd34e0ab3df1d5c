package dev.weft.format.trtllm;

/**
 * Thrown if an adapter can't be expressed in the requested type; the message names tensor and
 * value.
 */
public final class ConversionException extends Exception {
    ConversionException(String message) {
        super(message);
    }
}
