package dev.weft.access.token;

import dev.weft.access.client.ServiceClient;
import dev.weft.access.holder.Confirmation;
import dev.weft.access.holder.HeldKey;
import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the catalog whose a token is. Any thread. */
public final class TokenQuestion implements AutoCloseable {
    /** The path at which the catalog is asked. */
    public static final String PATH = "/access/v1/whose";

    private final URI whose;
    private final ServiceClient catalog;

    /** The question. */
    public record Body(@Nullable String token) {}

    /**
     * The catalog's answer.
     *
     * @param known the token is valid; the rest is null if it is not
     * @param tenant the only one it may ask for; null for any
     * @param until when it ends; null if it does not end by itself
     * @param key the key that limits apply to; null for another issuer's token that claims none
     */
    public record Answer(
            boolean known,
            @Nullable String name,
            @Nullable Role role,
            @Nullable String tenant,
            @Nullable Instant until,
            @Nullable HeldKey key) {
        /** The answer about an unknown token. */
        public static final Answer UNKNOWN = new Answer(false, null, null, null, null, null);

        /** The answer about a known holder. */
        public static Answer of(Holder holder) {
            return new Answer(
                    true,
                    holder.name(),
                    holder.role(),
                    holder.tenant(),
                    holder.until(),
                    holder.key());
        }

        Optional<Holder> holder(Confirmation told) {
            return known && name != null && role != null
                    ? Optional.of(new Holder(name, role, tenant, until, key, told))
                    : Optional.empty();
        }
    }

    /**
     * @param token of this service, sent to the catalog; null for none
     */
    public TokenQuestion(URI catalog, @Nullable String token, HttpClient client) {
        this.whose = catalog.resolve(PATH);
        this.catalog = new ServiceClient(token, client);
    }

    /**
     * Asks once.
     *
     * @return empty for an unknown token; fails if the catalog did not say
     */
    CompletableFuture<Optional<Holder>> ask(String sent, Duration deadline) {
        byte[] question = JsonMapper.shared().writeValueAsBytes(new Body(sent));
        long asked = System.nanoTime();
        return catalog.send(
                        catalog.post(whose, question),
                        HttpResponse.BodyHandlers.ofByteArray(),
                        deadline)
                .thenApply(response ->
                        read(response).holder(new Confirmation(asked, System.nanoTime())));
    }

    private static Answer read(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the catalog answered " + response.statusCode());
        }
        try {
            return JsonMapper.shared().readValue(response.body(), Answer.class);
        } catch (JacksonException e) {
            throw new IllegalStateException("the catalog's answer is not JSON", e);
        }
    }

    @Override
    public void close() {
        catalog.close();
    }
}
