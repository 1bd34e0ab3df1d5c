package dev.weft.source.secret;

/** A secret that can't be had or has a shape that its place can't use; never says its text. */
public final class SecretException extends Exception {
    private static final long serialVersionUID = 1L;

    public SecretException(String message) {
        super(message);
    }
}
