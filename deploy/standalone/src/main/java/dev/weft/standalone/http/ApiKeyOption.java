package dev.weft.standalone.http;

import dev.weft.service.ServiceToken;
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

    /**
     * The key without white space around it, such as a line end; null for none.
     *
     * @throws ServiceToken.UnusableException if no header can hold it; the message leaves it out
     */
    public @Nullable String key() {
        return ServiceToken.checked(key, "the key of --api-key (OPENAI_API_KEY)");
    }
}
