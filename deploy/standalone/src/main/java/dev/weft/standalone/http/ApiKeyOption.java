package dev.weft.standalone.http;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the key that a gateway asks tenants for. */
public final class ApiKeyOption {
    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            defaultValue = "${env:OPENAI_API_KEY}",
            description = "Sent as a bearer token (default: the environment's OPENAI_API_KEY).")
    private @Nullable String key;

    /** The key without white space around it, such as a line end; null for none. */
    public @Nullable String key() {
        return key == null || key.isBlank() ? null : key.strip();
    }
}
