package dev.weft.format.trtllm;

/** An adapter that can't be expressed in the type asked for; the message names tensor and value. */
public final class ConversionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConversionException(String message) {
        super(message);
    }
}
