package dev.weft.settings.secret;

/** Thrown if a secret is missing or its place can't use its form; never shows its text. */
public final class SecretException extends Exception {
    public SecretException(String message) {
        super(message);
    }
}
